# Слова того, що планування створює саме: перші зміни та файли.
template-early = Рання зміна
template-early-code = Р
template-middle = Середня зміна
template-middle-code = С
template-late = Пізня зміна
template-late-code = П
template-part-day = Неповна зміна, день
template-part-day-code = НД
template-part-evening = Неповна зміна, вечір
template-part-evening-code = НВ
template-night = Нічна зміна
template-night-code = Н
