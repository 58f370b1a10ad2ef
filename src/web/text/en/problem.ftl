# The page that a problem's type leads to, which has both languages.
problem-code = code
problem-all = All problems
