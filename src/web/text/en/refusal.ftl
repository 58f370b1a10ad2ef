# Pages in place of what was asked for.
refusal-start = To the start page
refusal-more = More about the problem
refusal-about = Status { $status }. If you write to us about it, give { $request }.
