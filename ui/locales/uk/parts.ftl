# Слова всередині складників екрана.
password-show = Показати пароль
password-hide = Приховати пароль
show-all = Показати всі
nothing-fits = Нічого не знайдено
palette-title = Що зробити?
shortcuts-title = Гарячі клавіші
shortcuts-lead = Клавіші розпізнаються за місцем, тож працюють у будь-якій розкладці.
