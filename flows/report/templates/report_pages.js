
"use strict";
// Shows pages piece by piece. Scraped text becomes text nodes only; a piece is [text], [text, rule] or [text, position, field].
(() => {
  const pages = JSON.parse(document.getElementById("pages-data").textContent);
  const facts = JSON.parse(document.getElementById("facts").textContent);
  const form = document.getElementById("filter");
  const list = document.getElementById("list");
  const article = document.getElementById("page");
  const raw = article.querySelector(".raw");
  const records = article.querySelector(".records");
  const why = document.getElementById("why");
  const nextMatch = article.querySelector(".match");
  const others = article.querySelector(".others");
  const STEP = 100;
  const COLOURS = 6;
  const MOST_MATCHES = 1000; // in a page
  const WAIT = 150; // milliseconds after a key
  let found = [];
  let chosen = null;
  let matches = [];
  let match = 0;

  const isRemoved = (piece) => piece.length === 2;
  const isKept = (piece) => piece.length === 3;
  const textOf = (page) => (page.whole ??= page.pieces.map(([text]) => text).join(""));
  const siteOf = (page) => page.page.site || "unknown";
  const flagsOf = (page) => new Set(page.records.flatMap((record) => record.flags ?? []));
  const rulesOf = (page) => (page.rules ??= new Set(page.pieces.filter(isRemoved).map((piece) => piece[1])));
  const titleOf = (page) => page.records[0]?.title || page.page.path;
  const short = (text, most = 80) => (text.length > most ? `${text.slice(0, most)}…` : text);
  const many = (number, what) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;

  function element(name, { text, ...attributes } = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.append(...visible(text));
    made.append(...children);
    return made;
  }

  // What cannot be seen, or turns what follows around, is shown by its number.
  const UNSEEN = /([\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\u{e0000}-\u{e007f}]|\r(?!\n))/u;
  function visible(text) {
    return text.split(UNSEEN).filter(Boolean).map((part) => {
      if (!UNSEEN.test(part)) return part;
      const made = document.createElement("i");
      made.className = "hidden-char";
      made.textContent = `U+${part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
      return made;
    });
  }

  function patternOf(words, flags = "iu") {
    const escaped = words.trim().replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replace(/\s+/g, "\\s+");
    return escaped && new RegExp(escaped, flags);
  }

  function answers(page, asked, pattern) {
    return (!asked.site || siteOf(page) === asked.site)
      && (!asked.rule || rulesOf(page).has(asked.rule))
      && (!asked.flag || flagsOf(page).has(asked.flag))
      && (!pattern || pattern.test(page.page.path) || pattern.test(page.page.url) || pattern.test(textOf(page))
        || page.records.some((record) => pattern.test(record.title ?? "") || pattern.test(record.text ?? "")));
  }

  function filter() {
    const asked = Object.fromEntries(new FormData(form));
    const pattern = patternOf(asked.text);
    found = pages.filter((page) => answers(page, asked, pattern));
    const missing = pages.length < facts.pages ? `; ${many(facts.pages - pages.length, "page")} of the run are not in this file` : "";
    form.elements.found.value = many(found.length, "page") + (found.length ? "" : missing);
    list.firstElementChild.replaceChildren();
    more();
    if (found.length && (asked.text || asked.rule)) show(found[0], { goes: false });
    else if (!found.includes(chosen)) {
      article.hidden = true;
      chosen = null;
    }
  }

  let timer = 0;
  function filterSoon() {
    clearTimeout(timer);
    timer = setTimeout(filter, WAIT);
  }

  function more() {
    const shown = list.firstElementChild;
    for (const page of found.slice(shown.children.length, shown.children.length + STEP)) {
      const button = element("button", { type: "button", text: short(titleOf(page)) }, element("small", { text: page.page.path }));
      button.addEventListener("click", () => show(page, { goes: true }));
      if (page === chosen) button.setAttribute("aria-current", "true");
      shown.append(element("li", {}, button));
    }
    list.querySelector(".more").hidden = shown.children.length >= found.length;
  }

  // Shows a page; one that people went to gets the focus, too.
  function show(page, { goes }) {
    if (page !== chosen) draw(page);
    [...list.firstElementChild.children].forEach((item, at) => {
      if (found[at] === page) item.firstElementChild.setAttribute("aria-current", "true");
      else item.firstElementChild.removeAttribute("aria-current");
    });
    article.hidden = false;
    if (goes) {
      article.focus({ preventScroll: true });
      article.scrollIntoView({ block: "start" });
      history.replaceState(null, "", `#page=${encodeURIComponent(page.page.path)}`);
    }
    matches = wanted(page);
    match = 0;
    nextMatch.hidden = matches.length < 2;
    if (matches.length) showMatch({ goes });
  }

  function draw(page) {
    chosen = page;
    document.getElementById("page-title").replaceChildren(...visible(page.page.path));
    const { layout, captured_at: captured, url } = page.page;
    const about = [`site ${siteOf(page)}`, `layout ${layout}`, many(page.records.length, "record"), captured && `captured ${captured}`];
    const link = /^https?:\/\//i.test(url) ? element("a", { href: url, rel: "noreferrer noopener nofollow", target: "_blank", text: url }) : "";
    article.querySelector(".about").replaceChildren(about.filter(Boolean).join(" · "), link && " · ", link);
    raw.replaceChildren(...page.pieces.map((piece, at) => pieceElement(piece, at)));
    if (page.note) raw.append(element("p", { class: "note", text: page.note }));
    const texts = joined(page.pieces);
    records.replaceChildren(...page.records.map((record) => recordElement(page, record, texts.get(record.position) ?? "")));
    why.replaceChildren();
    others.hidden = true;
    raw.scrollTop = 0;
    raw.querySelector(".piece")?.setAttribute("tabindex", "0");
  }

  // Where what was looked for is, as [piece, from, to]: first where it was removed, by the rule that was asked for if one was.
  function wanted(page) {
    const pattern = patternOf(form.elements.text.value, "giu");
    const rule = form.elements.rule.value;
    if (!pattern) return rule ? page.pieces.flatMap((piece, at) => (isRemoved(piece) && piece[1] === rule ? [[at, 0, 0]] : [])) : [];
    const places = [];
    let at = 0;
    let before = 0;
    for (const hit of textOf(page).matchAll(pattern)) {
      while (before + page.pieces[at][0].length <= hit.index) before += page.pieces[at++][0].length;
      places.push([at, hit.index - before, Math.min(page.pieces[at][0].length, hit.index - before + hit[0].length)]);
      if (places.length === MOST_MATCHES) break;
    }
    const rank = ([number]) => (isRemoved(page.pieces[number]) ? (!rule || page.pieces[number][1] === rule ? 0 : 1) : 2);
    return places.sort((one, other) => rank(one) - rank(other));
  }

  function showMatch({ goes }) {
    const [at, from, to] = matches[match];
    raw.querySelectorAll("mark").forEach((mark) => {
      const span = mark.closest("[data-at]");
      span.replaceChildren(...visible(chosen.pieces[span.dataset.at][0]));
    });
    const span = raw.children[at];
    const text = chosen.pieces[at][0];
    if (to > from) span.replaceChildren(...visible(text.slice(0, from)), element("mark", { text: text.slice(from, to) }), ...visible(text.slice(to)));
    if (span.matches(".piece")) choose(span);
    const place = span.querySelector("mark") ?? span;
    raw.scrollTop += place.getBoundingClientRect().top - raw.getBoundingClientRect().top - raw.clientHeight / 3;
    if (goes) place.scrollIntoView({ block: "nearest" });
  }

  function pieceElement(piece, at) {
    if (!isRemoved(piece) && !isKept(piece)) return element("span", { text: piece[0], "data-at": at });
    const fate = isRemoved(piece) ? "removed" : `kept c${piece[1] % COLOURS}`;
    return element("span", { class: `piece ${fate}`, role: "button", tabindex: "-1", "data-at": at, text: piece[0] });
  }

  function sentence(page, at) {
    const piece = page.pieces[at];
    const start = page.pieces.slice(0, at).reduce((sum, [text]) => sum + [...text].length, 0);
    const place = ` Characters ${start} to ${start + [...piece[0]].length}. `;
    if (isKept(piece)) {
      const record = page.records.find(({ position }) => position === piece[1]);
      if (!record) return [`Kept: the ${piece[2]} of record ${piece[1]}.${place}`];
      return [`Kept: the ${piece[2]} of ${record.kind} ${record.position}, `, element("q", { text: short(record.title || "without a title") }), `.${place}`];
    }
    const kind = facts.kinds[piece[1]];
    return ["Removed by the rule ", element("code", { text: piece[1] }), kind ? ` (${kind}). ` : ". ", facts.reasons[piece[1]] ?? "", place, element("code", { text: `dehusk rules show ${piece[1]}` }), " tells more."];
  }

  function tell(span) {
    const piece = chosen.pieces[span.dataset.at];
    others.hidden = !isRemoved(piece);
    others.value = isRemoved(piece) ? piece[1] : "";
    const reasons = chosen.evidence?.[span.dataset.at] ?? [];
    why.replaceChildren(...sentence(chosen, Number(span.dataset.at)), ...reasons.map((text) => element("small", { text })));
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

  // The texts of records, joined by a line end where one stands between two pieces, else by a blank where anything does.
  function joined(pieces) {
    const texts = new Map();
    const ends = new Map();
    let at = 0;
    let lines = 0;
    for (const piece of pieces) {
      const isText = isKept(piece) && piece[2] === "text";
      if (isText) {
        const [end, before] = ends.get(piece[1]) ?? [at, lines];
        texts.set(piece[1], (texts.get(piece[1]) ?? "") + (lines > before ? "\n" : at > end ? " " : "") + piece[0]);
      }
      at += piece[0].length;
      lines += piece[0].split("\n").length - 1;
      if (isText) ends.set(piece[1], [at, lines]);
    }
    return texts;
  }

  function recordElement(page, record, text) {
    const names = ["source", "published", "published_raw", "category", "authors", "tags", "language", "url", "attribution", "confidence", "flags"];
    const fields = names.filter((name) => `${record[name] ?? ""}`).flatMap((name) => [
      element("dt", { text: name }),
      element("dd", { text: [record[name]].flat().join(", ") }),
    ]);
    const card = element("section", { class: `record c${record.position % COLOURS}`, "data-position": record.position },
      element("h4", { text: record.title || "(no title)" }),
      element("p", { class: "note", text: `${record.kind} ${record.position} · ${record.id}` }),
      element("dl", {}, ...fields),
      element("p", { class: "text", tabindex: "0", text: record.text || text }));
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
    clearTimeout(timer);
    form.elements[name].value = value;
    filter();
    document.getElementById("pages").scrollIntoView();
    if (!article.hidden) article.focus({ preventScroll: true });
  }

  // Links such as #rule=en.ad-line and #page=pages/1.txt.
  function follow() {
    const [, name, encoded] = /^#(rule|site|flag|page)=(.*)$/s.exec(location.hash) ?? [];
    if (!name) return;
    let value;
    try { value = decodeURIComponent(encoded); } catch { return; }
    if (name !== "page") return ask(name, value);
    const page = pages.find((one) => one.page.path === value);
    if (page && page !== chosen) show(page, { goes: true });
  }

  function fill(name, values) {
    const options = new Set(values);
    for (const value of [...options].sort()) form.elements[name].append(element("option", { value, text: value }));
    // A link to what no page here shows would lead nowhere.
    for (const link of document.querySelectorAll(`a[href^="#${name}="]`)) {
      if (!options.has(decodeURIComponent(link.hash.slice(name.length + 2)))) link.replaceWith(...link.childNodes);
    }
  }

  fill("site", pages.map(siteOf));
  fill("rule", pages.flatMap((page) => [...rulesOf(page)]));
  fill("flag", pages.flatMap((page) => [...flagsOf(page)]));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    filter();
    if (matches.length && !article.hidden) showMatch({ goes: true });
  });
  form.elements.text.addEventListener("input", filterSoon);
  for (const name of ["site", "rule", "flag"]) form.elements[name].addEventListener("change", filter);
  form.addEventListener("reset", () => {
    clearTimeout(timer);
    timer = setTimeout(filter);
  });
  list.querySelector(".more").addEventListener("click", more);
  article.querySelector(".next").addEventListener("click", () => go(1, ".removed"));
  article.querySelector(".previous").addEventListener("click", () => go(-1, ".removed"));
  others.addEventListener("click", () => ask("rule", others.value));
  nextMatch.addEventListener("click", () => {
    match = (match + 1) % matches.length;
    showMatch({ goes: true });
  });
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
