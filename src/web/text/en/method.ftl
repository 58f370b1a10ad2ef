# The page on method.
method-lead = How maturity is measured, how the figures are calculated, and how those who answered are protected.
method-measured = What is measured
method-questions = The questions of { $instrument } (CSV)
method-formulas = How the figures are calculated
method-formula-answer = Every answer becomes 0–100: the lowest grade is 0 and the highest 100. Where a high answer is a burden, the scale is turned.
method-formula-respondent = Each respondent's value is the weighted mean of the questions of a factor, then of the factors of a category, and so on up the instrument's tree. At each level, questions with at least half of the weight have to be answered; an organisation that falls short does not count at all.
method-formula-organisation = An organisation's value is the mean of its respondents, so that a large organisation does not weigh more because more have answered.
method-formula-group = A group's value is the mean of its organisations, rounded to whole per cent. Changes are calculated between rounded values.
method-protection = How results are protected
