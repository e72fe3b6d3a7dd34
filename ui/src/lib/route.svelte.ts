/* Where in the desk one is: a path in the address's hash, so that back and forward work. */

function read(): string {
  const path = window.location.hash.replace(/^#/, "");
  return path.startsWith("/") ? path : "/";
}

const place = $state({ path: read() });

window.addEventListener("hashchange", () => {
  place.path = read();
});

export const route = {
  /** `/shops/new`. */
  get path(): string {
    return place.path;
  },
  /** `shops` of `/shops/new`. */
  get page(): string {
    return place.path.split("/")[1] ?? "";
  },
  /** `new` of `/shops/new`. */
  get rest(): string {
    return place.path.split("/").slice(2).join("/");
  },
};

export function go(path: string): void {
  place.path = path;
  if (read() !== path) window.location.hash = path;
}
