"use strict";
/** The box on the guide's first screen: what is typed goes on in the fragment of its link, which no browser sends. */
{
  const form = document.getElementById("box");
  const link = form.querySelector(".go");
  const page = link.getAttribute("href");

  const lead = () => {
    const told = new URLSearchParams([...new FormData(form)].filter(([, text]) => text.trim()));
    link.setAttribute("href", String(told) ? `${page}#${told}` : page);
  };

  form.addEventListener("input", lead);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.tagName === "INPUT") {
      event.preventDefault();
      link.click();
    }
  });
  // a browser may bring back what was typed before
  addEventListener("pageshow", lead);
  form.querySelector(".fields").hidden = false;
}
