
"use strict";
// Copies commands. Where the clipboard is closed to a page, the command is selected, to be copied by hand.
(() => {
  const said = document.getElementById("said");
  const select = (code) => getSelection().selectAllChildren(code);

  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const code = button.previousElementSibling;
      try {
        await navigator.clipboard.writeText(code.textContent);
        said.textContent = "The command is copied.";
        button.textContent = "Copied";
      } catch {
        select(code);
        said.textContent = "The command is selected.";
        button.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
  }
  // A link to a part of a page that is folded opens it.
  const open = () => {
    const id = location.hash.slice(1);
    for (let one = id && document.getElementById(id); one; one = one.parentElement) if (one.localName === "details") one.open = true;
  };
  addEventListener("hashchange", open);
  open();
})();
