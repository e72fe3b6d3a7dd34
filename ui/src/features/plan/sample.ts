// Made-up people, projects and shifts in each language, believable enough for pictures.
import { i18n } from "@/lib/i18n/index.svelte";
import type { BreakView, Language, TemplateSpec } from "@/lib/ipc";

interface Words {
  first: string[];
  last: string[];
  /** Names of shifts: early, morning, day, evening, night, short, long. */
  shifts: [code: string, name: string][];
  projects: string[];
  holiday: string;
  reasons: [swap: string, leave: string, wish: string];
  meetings: [briefing: string, training: string];
}

const WORDS: Record<Language, Words> = {
  uk: {
    first: ["Олена", "Андрій", "Марія", "Тарас", "Юлія", "Богдан", "Наталія", "Ігор", "Ганна", "Роман", "Світлана", "Дмитро", "Леся", "Максим", "Ірина", "Остап"],
    last: ["Шевченко", "Бондаренко", "Ткачук", "Мельник", "Кравець", "Пилипчук", "Дзюба", "Коваленко", "Гнатюк", "Соловей", "Яценко", "Гай", "Їжакевич", "Лисенко", "Мороз", "Ґудзь", "Щербак", "Поліщук", "Савчук", "Вовк"],
    shifts: [["Р7", "Рання"], ["Р9", "Ранкова"], ["Д", "Денна"], ["В", "Вечірня"], ["Н", "Нічна"], ["К", "Коротка"], ["12", "Довга, 12 годин"]],
    projects: ["Побут-Центр", "Техношок", "AGD Serce", "Kettle & Co"],
    holiday: "Різдво Христове",
    reasons: ["Везу сина на змагання, буду вдячна.", "Весілля сестри в Чернівцях", "Хотіла б побути з дітьми"],
    meetings: ["Нові ціни", "Повернення товару"],
  },
  ru: {
    first: ["Елена", "Андрей", "Мария", "Тарас", "Юлия", "Богдан", "Наталья", "Игорь", "Анна", "Роман", "Светлана", "Дмитрий", "Алёна", "Максим", "Ирина", "Артём"],
    last: ["Шевченко", "Бондаренко", "Ткачук", "Мельник", "Кравец", "Пилипчук", "Дзюба", "Коваленко", "Гнатюк", "Соловей", "Яценко", "Гай", "Черных", "Лысенко", "Мороз", "Жук", "Щербак", "Полищук", "Савчук", "Волк"],
    shifts: [["У7", "Ранняя"], ["У9", "Утренняя"], ["Д", "Дневная"], ["В", "Вечерняя"], ["Н", "Ночная"], ["К", "Короткая"], ["12", "Длинная, 12 часов"]],
    projects: ["Дом Техники", "Техношок", "AGD Serce", "Kettle & Co"],
    holiday: "Рождество",
    reasons: ["Везу сына на соревнования, буду благодарна.", "Свадьба сестры в Черновцах", "Хотела бы побыть с детьми"],
    meetings: ["Новые цены", "Возврат товара"],
  },
  pl: {
    first: ["Anna", "Łukasz", "Małgorzata", "Paweł", "Zofia", "Michał", "Agnieszka", "Tomasz", "Ewa", "Krzysztof", "Joanna", "Piotr", "Magdalena", "Wojciech", "Barbara", "Stanisław"],
    last: ["Wójcik", "Nowak", "Kowalczyk", "Mazur", "Krawczyk", "Żak", "Dudek", "Wrona", "Sikora", "Gąsior", "Ścibor", "Kaczmarek", "Pietrzak", "Zając", "Król", "Jabłoń", "Świtała", "Łuczak", "Ptak", "Róg"],
    shifts: [["R7", "Wczesna"], ["R9", "Ranna"], ["D", "Dzienna"], ["P", "Popołudniowa"], ["N", "Nocna"], ["K", "Krótka"], ["12", "Długa, 12 godzin"]],
    projects: ["Dom AGD", "Техношок", "AGD Serce", "Kettle & Co"],
    holiday: "Boże Narodzenie",
    reasons: ["Wiozę syna na zawody, będę wdzięczna.", "Ślub siostry w Gdańsku", "Chciałabym pobyć z dziećmi"],
    meetings: ["Nowe ceny", "Zwroty towaru"],
  },
  en: {
    first: ["Alex", "Grace", "Owen", "Maya", "Ruth", "Daniel", "Priya", "Tom", "Hannah", "Liam", "Zoe", "Marcus", "Ella", "Noah", "Ines", "Jack"],
    last: ["Taylor", "Whitfield", "Hartley", "Lindqvist", "Okafor", "Bennett", "Singh", "Carver", "Doyle", "Marsh", "Pryce", "Fenton", "Ashby", "Reid", "Novak", "Quinn", "Thorne", "Webb", "Yates", "Cole"],
    shifts: [["M7", "Early"], ["M9", "Morning"], ["D", "Day"], ["E", "Evening"], ["N", "Night"], ["S", "Short"], ["12", "Long, 12 hours"]],
    projects: ["Hearth & Home", "Техношок", "AGD Serce", "Kettle & Co"],
    holiday: "Christmas Day",
    reasons: ["Driving my son to a tournament, much obliged.", "My sister's wedding in Leeds", "I would like the day with the children"],
    meetings: ["New prices", "Handling returns"],
  },
};

export const words = (): Words => WORDS[i18n.language];

/** Even noise without chance: pictures must not differ from one run to the next. */
export function noise(seed: number): number {
  const wave = Math.sin(seed * 12.9898 + 4.1) * 43_758.5453;
  return wave - Math.floor(wave);
}

export function nameOf(index: number): string {
  const { first, last } = words();
  const at = (index * 37) % (first.length * last.length);
  return `${first[at % first.length]} ${last[Math.floor(at / first.length)]}`;
}

const HOURS: readonly [start: number, minutes: number, lunch: number][] = [
  [420, 510, 240],
  [540, 510, 225],
  [660, 510, 255],
  [810, 510, 240],
  [1260, 600, 285],
  [600, 240, 0],
  [540, 720, 330],
];

export function templateSpecs(): TemplateSpec[] {
  return words().shifts.map(([code, name], at) => {
    const [start_minute, minutes, lunch] = HOURS[at] ?? [480, 510, 240];
    const short = (after_minutes: number): BreakView => ({ after_minutes, minutes: 15, paid: true });
    const breaks = lunch === 0 ? [short(120)] : [short(lunch - 120), { after_minutes: lunch, minutes: 30, paid: false }, short(lunch + 150)];
    return { code, name, start_minute, minutes, breaks, weekdays: code === "12" ? [5, 6] : [0, 1, 2, 3, 4, 5, 6], unpopular: at === 4 };
  });
}
