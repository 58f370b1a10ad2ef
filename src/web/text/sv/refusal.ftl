# Pages in place of what was asked for.
refusal-start = Till startsidan
refusal-more = Mer om felet
refusal-about = Status { $status }. Uppge { $request } om du kontaktar oss om felet.
