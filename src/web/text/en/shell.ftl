# Words around every page.
skip = Skip to the content
main-menu = Main menu
trail = Where you are
feed-title = New editions
place-start = Start
place-measures = Measures
place-compare = Compare
place-data = Data
place-editions = Editions
place-method = Method
place-accessibility = Accessibility
place-docs = API documentation
edition-line = Edition { $number }, { $release }, published { $day }.
search = Search
show = Show
