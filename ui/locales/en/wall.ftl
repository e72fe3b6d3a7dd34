# Words of what planning makes by itself: shifts to begin with, and files to take away.
template-early = Early shift
template-early-code = E
template-middle = Middle shift
template-middle-code = M
template-late = Late shift
template-late-code = L
template-part-day = Part-time, daytime
template-part-day-code = PD
template-part-evening = Part-time, evening
template-part-evening-code = PE
template-night = Night shift
template-night-code = N
