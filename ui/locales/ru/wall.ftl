# Слова того, что планирование создаёт само: первые смены и файлы.
template-early = Ранняя смена
template-early-code = Р
template-middle = Средняя смена
template-middle-code = С
template-late = Поздняя смена
template-late-code = П
template-part-day = Неполная смена, день
template-part-day-code = НД
template-part-evening = Неполная смена, вечер
template-part-evening-code = НВ
template-night = Ночная смена
template-night-code = Н
