// Chooses in the open dialog a shift to give and one to take, each on a day that the other has free.
const days = (select) => [...select.options].filter(({ value }) => value).map((option) => ({ value: option.value, words: option.textContent }));
const [own, theirs] = ["swap-own", "swap-theirs"].map((id) => {
  const found = document.querySelector(`[data-testid=${id}]`);
  return found.matches("select") ? found : found.querySelector("select");
});
const day = ({ words }) => words.split(" · ")[0];
const mine = new Set(days(own).map(day));
const others = new Set(days(theirs).map(day));
const given = days(own).find((shift) => !others.has(day(shift)));
const taken = days(theirs).find((shift) => !mine.has(day(shift)));
for (const [select, shift] of [[own, given], [theirs, taken]]) {
  if (!shift) return null;
  select.value = shift.value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}
return { given: given.words, taken: taken.words };
