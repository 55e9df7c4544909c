// The map is judged while somebody types: the form as it stands is sent, and what is said of each row stands below it.
"use strict";
(() => {
  const form = document.getElementById("map");
  const verdict = document.getElementById("verdict");
  const rest = document.getElementById("rest");
  const proof = form.elements.proof.value;
  let waiting = 0;
  let asked = 0;
  const make = (tag, kind, text) => {
    const made = document.createElement(tag);
    made.className = kind;
    made.textContent = text;
    return made;
  };
  const told = (finding) => finding.sentence + (finding.nearest ? `; did you mean ${finding.nearest}?` : "");
  const tone = (severity) => ({ error: "bad", warning: "warn" })[severity] || "";
  const tell = (answer) => {
    for (const body of form.querySelectorAll("tbody[data-number]")) {
      const said = answer.rows[body.dataset.number] || [];
      body.querySelector(".says-here").replaceChildren(
        ...said.map((each) => make("p", `says ${each.severity}`, told(each))));
      body.rows[0].classList.toggle("error", said.some((each) => each.severity === "error"));
    }
    rest.replaceChildren(...answer.rest.map((each) => {
      const line = make("p", `says ${each.severity} small`, ` ${told(each)}`);
      line.prepend(make("span", `chip ${tone(each.severity)}`, each.code));
      return line;
    }));
    const word = answer.silent ? "not judged" : answer.good ? "good" : "not good yet";
    verdict.replaceChildren(make("span", `chip ${answer.silent ? "warn" : answer.good ? "good" : "bad"}`, word),
      document.createTextNode(answer.silent ? ` ${answer.silent}` : answer.good ? " not yet in force" : ""));
    verdict.dataset.settled = String(asked);
  };
  const check = async () => {
    const mine = ++asked;
    const answer = await fetch(form.dataset.check, {
      method: "POST", headers: { "X-Proof": proof }, body: new URLSearchParams(new FormData(form)),
    });
    if (mine !== asked) return;
    if (answer.ok) tell(await answer.json());
    else verdict.replaceChildren(make("span", "chip warn", "not judged"), document.createTextNode(" the service did not answer; look again"));
  };
  form.addEventListener("input", (event) => {
    if (!event.target.name || event.target.name === "reason" || event.target.name === "actor") return;
    clearTimeout(waiting);
    waiting = setTimeout(check, 250);
  });
  form.addEventListener("toggle", (event) => {
    const extra = event.target.closest("tbody")?.querySelector(".extra");
    if (extra) extra.hidden = !event.target.open;
  }, true);
  let last = null;
  form.addEventListener("focusin", (event) => { if (event.target.matches("[name^='target.']")) last = event.target; });
  const lines = [...document.querySelectorAll("#fields li")];
  document.getElementById("find").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const line of lines) line.hidden = !words.every((word) => line.dataset.target.toLowerCase().includes(word));
  });
  document.getElementById("find").addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  document.getElementById("fields").addEventListener("click", (event) => {
    const line = event.target.closest("li");
    if (!line || !last) return;
    last.value = line.dataset.target;
    last.dispatchEvent(new Event("input", { bubbles: true }));
    last.focus();
  });
})();
