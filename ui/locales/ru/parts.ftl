# Слова внутри составных частей экрана.
password-show = Показать пароль
password-hide = Скрыть пароль
show-all = Показать все
nothing-fits = Ничего не найдено
palette-title = Что сделать?
shortcuts-title = Горячие клавиши
shortcuts-lead = Клавиши распознаются по месту, поэтому работают в любой раскладке.
