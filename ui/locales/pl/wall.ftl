# Słowa tego, co planowanie tworzy samo: pierwsze zmiany i pliki.
template-early = Zmiana ranna
template-early-code = R
template-middle = Zmiana środkowa
template-middle-code = Ś
template-late = Zmiana popołudniowa
template-late-code = P
template-part-day = Niepełny etat, dzień
template-part-day-code = ND
template-part-evening = Niepełny etat, wieczór
template-part-evening-code = NW
template-night = Zmiana nocna
template-night-code = N
