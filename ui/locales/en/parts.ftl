# Words inside the parts that screens are made of.
password-show = Show the password
password-hide = Hide the password
show-all = Show all
nothing-fits = Nothing matches
palette-title = What would you like to do?
shortcuts-title = Keyboard shortcuts
shortcuts-lead = Keys are found by their place, so they work under any layout.
components-lead = Every part in every state, light beside dark.
