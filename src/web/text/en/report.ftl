# The report for a meeting.
report-title = Report: { $name }
report-lead = { $instrument } { $year }. Something to talk about: what comparable organisations look like, and where it is worth beginning.
report-sheet = Dialogue sheet
report-sheet-lead = Go through the categories one at a time. The spread says more than the mean: between which values do half of the peers lie, and where do you think that you are?
report-sheet-caption = Categories: the peers' mean and middle half
report-notes = Notes
report-blank = fill in
report-without-key = Without the organisation's key no own value is shown. Write it in by hand, or open the report with the key.
report-talk = To talk about
report-question-own-weakest = We lie lowest beside others in { $categories }. Does that agree with our own picture, and what does it come of?
report-question-peers-weakest = The peers lie lowest in { $categories }. Is that so for us too?
report-question-spread = Where do we disagree within the organisation, and which roles see it differently?
report-question-roles = What would an elected representative, a leader and a member of staff each answer?
report-question-next = Which two things do we do before the next survey, and how shall we notice that they helped?
report-plan = Paragraph for the plan
report-paragraph = In the survey { $instrument } { $year } our value was { $own }. The mean of { $count } was { $peers }. (Edition { $release })
