# The page that compares, and peers in words.
compare-title = { $name } beside others
compare-lead = Find an organisation to see it beside comparable ones. No single organisation's result is shown; with the organisation's own key its own value is added.
compare-find = Municipality, region, agency or company
compare-found = { $count ->
    [one] One match
   *[other] { $number } matches
  }
compare-none = Nothing was found. Try a shorter part of the name, or the organisation's code.
compare-choices = Choices
compare-value = Try a value
compare-value-hint = Per cent, such as 47. Shows where such a value would lie.
compare-result = Result
compare-report = Make a report to print
compare-how = How the figures come about
compare-members = { $count ->
    [one] One peer
   *[other] The { $number } peers
  }
compare-mean = { $count ->
    [one] The peer has the value { $value }.
   *[other] The { $number } peers have a mean of { $value }.
  }
compare-withheld = { $count ->
    [one] The mean is not shown, to protect those who answered.
   *[other] The mean of the { $number } peers is not shown, to protect those who answered.
  }
compare-gap = The target for all organisations together is { $target }, { $points } above the peers' value.
compare-reached = The target for all organisations together is { $target }; the peers are at or above it.
peers-similar-8 = The 8 most similar
peers-similar-16 = The 16 most similar
peers-similar-30 = The 30 most similar
peers-block = Same block (similar, exact figure)
peers-county = Same county
peers-skr-group = Same SKR group
peers-own-list = { $count ->
    [one] Own list of one organisation
   *[other] Own list of { $number } organisations
  }
own-list = Own list
own-list-lead = Add organisations one at a time; a comparison needs at least eight. The list stands in the page's address, so that it can be kept and shared.
own-list-add-one = Add { $name }
own-list-remove = Remove
method-answers-for = For { $asked } the larger group { $group } answers, since the figure could not be shown otherwise.
method-exact = Exact group: the figure is the group's own, rounded to whole per cent.
method-mixture = Block mixture: the figure is what is typical of such organisations, calculated from published figures of their blocks and not from the chosen ones' own results.
method-error = Expect an error of about { $points }.
method-blocks = Blocks: { $parts }.
method-part = { $members } of { $size } in { $block }
method-safe = No single organisation's result can be worked out from the figures, however many comparisons are made.
no-peers-unreadable = The choice of peers cannot be read. Choose from the list above.
no-peers-organisation = Choose an organisation first.
no-peers-unknown-organisation = { $id } is not in the register.
no-peers-unknown-group = There is no group { $id } in that year. Choose other peers or another year.
no-peers-not-participating = Took no part in { $year }, or do not count: { $ids }. Choose other peers or another year.
no-peers-none = There are no such peers for { $id }. Choose others from the list above.
no-peers-too-few = These are too few to compare with ({ $found }): at least { $least } organisations are needed. Add more, or choose others from the list above.
compare-title-full = { $name } beside others: { $peers }, { $measure } in { $year }
compare-typical = { $count ->
    [one] { $value } is typical of such an organisation.
   *[other] { $value } is typical of the { $number } peers, calculated from their blocks.
  }
compare-missing = { $count ->
    [one] There is no value to show.
   *[other] There is no mean to show for the { $number } peers.
  }
own-list-which = Organisation to add
own-list-search = Search the register
method-includes = { $name } itself is among the peers.
