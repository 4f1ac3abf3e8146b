
"use strict";
// Shows pages piece by piece. Scraped text becomes text nodes only; a piece is [text], [text, rule] or [text, position, field].
(() => {
  const pages = JSON.parse(document.getElementById("pages-data").textContent);
  const form = document.getElementById("filter");
  const list = document.getElementById("list");
  const article = document.getElementById("page");
  const raw = article.querySelector(".raw");
  const records = article.querySelector(".records");
  const why = document.getElementById("why");
  const STEP = 100;
  const COLOURS = 6;
  let found = [];
  let chosen = null;

  const isRemoved = (piece) => piece.length === 2;
  const isKept = (piece) => piece.length === 3;
  const textOf = (page) => (page.whole ??= page.pieces.map(([text]) => text).join(""));
  const flagsOf = (page) => new Set(page.records.flatMap((record) => record.flags ?? []));
  const rulesOf = (page) => (page.rules ??= new Set(page.pieces.filter(isRemoved).map((piece) => piece[1])));
  const titleOf = (page) => page.records[0]?.title || page.page.path;

  function element(name, { text, ...attributes } = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.append(...visible(text));
    made.append(...children);
    return made;
  }

  // What cannot be seen, or turns what follows around, is shown by its number.
  const UNSEEN = /([\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff])/;
  function visible(text) {
    return text.split(UNSEEN).filter(Boolean).map((part) => {
      if (!UNSEEN.test(part)) return part;
      const made = document.createElement("i");
      made.className = "hidden-char";
      made.textContent = `U+${part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
      return made;
    });
  }

  function patternOf(words) {
    const escaped = words.trim().replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replace(/\s+/g, "\\s+");
    return escaped && new RegExp(escaped, "iu");
  }

  function matches(page, asked, pattern) {
    return (!asked.site || page.page.site === asked.site)
      && (!asked.rule || rulesOf(page).has(asked.rule))
      && (!asked.flag || flagsOf(page).has(asked.flag))
      && (!pattern || pattern.test(page.page.path) || pattern.test(page.page.url) || pattern.test(textOf(page))
        || page.records.some((record) => pattern.test(record.title ?? "") || pattern.test(record.text ?? "")));
  }

  function filter() {
    const asked = Object.fromEntries(new FormData(form));
    const pattern = patternOf(asked.text);
    found = pages.filter((page) => matches(page, asked, pattern));
    form.elements.found.value = `${found.length} ${found.length === 1 ? "page" : "pages"}`;
    list.firstElementChild.replaceChildren();
    more();
    if (found.length && (asked.text || asked.rule)) show(found[0], { scroll: false });
  }

  function more() {
    const shown = list.firstElementChild;
    for (const page of found.slice(shown.children.length, shown.children.length + STEP)) {
      const button = element("button", { type: "button", text: titleOf(page) }, element("small", { text: page.page.path }));
      button.addEventListener("click", () => show(page, { scroll: true }));
      if (page === chosen) button.setAttribute("aria-current", "true");
      shown.append(element("li", {}, button));
    }
    list.querySelector(".more").hidden = shown.children.length >= found.length;
  }

  function show(page, { scroll }) {
    chosen = page;
    [...list.firstElementChild.children].forEach((item, at) => {
      if (found[at] === page) item.firstElementChild.setAttribute("aria-current", "true");
      else item.firstElementChild.removeAttribute("aria-current");
    });
    article.hidden = false;
    document.getElementById("page-title").replaceChildren(...visible(page.page.path));
    const { site, layout, captured_at: captured, url } = page.page;
    const about = [`site ${site || "unknown"}`, `layout ${layout}`, `${page.records.length} records`, captured && `captured ${captured}`];
    const link = /^https?:\/\//i.test(url) ? element("a", { href: url, rel: "noreferrer noopener nofollow", target: "_blank", text: url }) : "";
    article.querySelector(".about").replaceChildren(about.filter(Boolean).join(" · "), link && " · ", link);
    raw.replaceChildren(...page.pieces.map((piece, at) => pieceElement(page, piece, at)));
    if (page.note) raw.append(element("p", { class: "note", text: page.note }));
    records.replaceChildren(...page.records.map((record) => recordElement(page, record)));
    why.textContent = "";
    const start = wanted(page);
    if (start !== null) {
      choose(start);
      raw.scrollTop = start.offsetTop - raw.clientHeight / 2;
    } else {
      raw.scrollTop = 0;
      raw.querySelector(".piece")?.setAttribute("tabindex", "0");
    }
    if (scroll) article.scrollIntoView({ block: "start" });
    history.replaceState(null, "", `#page=${encodeURIComponent(page.page.path)}`);
  }

  // The piece that was looked for: the first with the text, else the first removed by the rule.
  function wanted(page) {
    const pattern = patternOf(form.elements.text.value);
    const place = pattern ? textOf(page).search(pattern) : -1;
    const rule = form.elements.rule.value;
    let at = 0;
    for (const [number, piece] of page.pieces.entries()) {
      at += piece[0].length;
      const isIt = place >= 0 ? at > place && piece.length > 1 : rule && isRemoved(piece) && piece[1] === rule;
      if (isIt) return raw.children[number];
    }
    return null;
  }

  function pieceElement(page, piece, at) {
    if (!isRemoved(piece) && !isKept(piece)) return element("span", { text: piece[0] });
    const fate = isRemoved(piece) ? "removed" : `kept c${piece[1] % COLOURS}`;
    return element("span", { class: `piece ${fate}`, role: "button", tabindex: "-1", "data-at": at, text: piece[0] });
  }

  function sentence(page, at) {
    const piece = page.pieces[at];
    const start = page.pieces.slice(0, at).reduce((sum, [text]) => sum + [...text].length, 0);
    const place = ` Characters ${start} to ${start + [...piece[0]].length}. `;
    if (isKept(piece)) {
      const record = page.records.find(({ position }) => position === piece[1]);
      return [`Kept: the ${piece[2]} of ${record.kind} ${record.position}, `, element("q", { text: record.title || "without a title" }), `.${place}`];
    }
    const others = element("button", { type: "button", text: "Pages with this rule" });
    others.addEventListener("click", () => ask("rule", piece[1]));
    return ["Removed by the rule ", element("code", { text: piece[1] }), kindOf(piece[1]), `.${place}`, element("code", { text: `dehusk rules show ${piece[1]}` }), " tells what it says. ", others];
  }

  const kinds = new Map([...document.querySelectorAll("[aria-labelledby=rules-title] tbody tr")].map((row) => [row.cells[0].textContent.trim(), row.cells[1].textContent.trim()]));
  const kindOf = (rule) => (kinds.has(rule) ? ` (${kinds.get(rule)})` : "");

  function tell(span) {
    why.replaceChildren(...sentence(chosen, Number(span.dataset.at)));
    const piece = chosen.pieces[span.dataset.at];
    for (const card of records.children) card.classList.toggle("chosen", isKept(piece) && Number(card.dataset.position) === piece[1]);
  }

  function choose(span) {
    raw.querySelectorAll(".chosen, [tabindex='0']").forEach((other) => {
      other.classList.remove("chosen");
      other.setAttribute("tabindex", "-1");
    });
    span.classList.add("chosen");
    span.setAttribute("tabindex", "0");
    tell(span);
  }

  function go(step, selector) {
    const spans = [...raw.querySelectorAll(selector)];
    const current = raw.querySelector(".chosen");
    const after = (span) => !current || current.compareDocumentPosition(span) & Node.DOCUMENT_POSITION_FOLLOWING;
    const next = step > 0 ? spans.find((span) => span !== current && after(span)) : spans.findLast((span) => span !== current && !after(span));
    if (!next) return;
    choose(next);
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  // The parts of a text as the ledger puts them together: a line end where one stands between them, else a blank.
  function textOfRecord(page, position) {
    let text = "";
    let between = null;
    for (const piece of page.pieces) {
      if (isKept(piece) && piece[1] === position && piece[2] === "text") {
        if (between !== null) text += between.includes("\n") ? "\n" : " ";
        text += piece[0].trim();
        between = "";
      } else if (between !== null) between += piece[0];
    }
    return text;
  }

  function recordElement(page, record) {
    const names = ["source", "published", "published_raw", "category", "authors", "tags", "language", "url", "attribution", "flags"];
    const facts = names.filter((name) => record[name]?.length).flatMap((name) => [
      element("dt", { text: name }),
      element("dd", { text: [record[name]].flat().join(", ") }),
    ]);
    const card = element("section", { class: `record c${record.position % COLOURS}`, "data-position": record.position },
      element("h4", { text: record.title || "(no title)" }),
      element("p", { class: "note", text: `${record.kind} ${record.position} · ${record.id}` }),
      element("dl", {}, ...facts),
      element("p", { class: "text", tabindex: "0", text: record.text || textOfRecord(page, record.position) }));
    const mark = (isOn) => () => raw.querySelectorAll(".piece").forEach((span) => {
      const piece = page.pieces[span.dataset.at];
      span.classList.toggle("same", isOn && isKept(piece) && piece[1] === record.position);
    });
    card.addEventListener("mouseenter", mark(true));
    card.addEventListener("mouseleave", mark(false));
    return card;
  }

  function ask(name, value) {
    form.reset();
    const field = form.elements[name];
    if (![...field.options].some((option) => option.value === value)) field.append(element("option", { value, text: value }));
    field.value = value;
    filter();
    document.getElementById("pages").scrollIntoView();
  }

  // Links such as #rule=en.ad-line and #page=pages/1.txt.
  function follow() {
    const [, name, encoded] = /^#(rule|site|flag|page)=(.*)$/s.exec(location.hash) ?? [];
    if (!name) return;
    const value = decodeURIComponent(encoded);
    if (name !== "page") return ask(name, value);
    const page = pages.find((one) => one.page.path === value);
    if (page && page !== chosen) show(page, { scroll: true });
  }

  function fill(name, values) {
    for (const value of [...new Set(values)].filter(Boolean).sort()) form.elements[name].append(element("option", { value, text: value }));
  }

  fill("site", pages.map((page) => page.page.site));
  fill("rule", pages.flatMap((page) => [...rulesOf(page)]));
  fill("flag", pages.flatMap((page) => [...flagsOf(page)]));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.text.addEventListener("input", filter);
  for (const name of ["site", "rule", "flag"]) form.elements[name].addEventListener("change", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  list.querySelector(".more").addEventListener("click", more);
  article.querySelector(".next").addEventListener("click", () => go(1, ".removed"));
  article.querySelector(".previous").addEventListener("click", () => go(-1, ".removed"));
  raw.addEventListener("mouseover", (event) => event.target.closest(".piece") && tell(event.target.closest(".piece")));
  raw.addEventListener("mouseleave", () => raw.querySelector(".chosen") && tell(raw.querySelector(".chosen")));
  raw.addEventListener("click", (event) => event.target.closest(".piece") && choose(event.target.closest(".piece")));
  raw.addEventListener("focusin", (event) => event.target.closest(".piece") && choose(event.target.closest(".piece")));
  raw.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    go(step, ".piece");
  });
  addEventListener("hashchange", follow);
  document.getElementById("browser").hidden = form.hidden = false;
  filter();
  follow();
})();
