# Słowa wewnątrz elementów ekranu.
password-show = Pokaż hasło
password-hide = Ukryj hasło
show-all = Pokaż wszystkie
nothing-fits = Brak wyników
palette-title = Co chcesz zrobić?
shortcuts-title = Skróty klawiszowe
shortcuts-lead = Liczy się położenie klawisza, więc skróty działają w każdym układzie klawiatury.
components-lead = Każdy element w każdym stanie, jasny obok ciemnego.
