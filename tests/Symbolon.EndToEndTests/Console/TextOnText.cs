using Microsoft.Playwright;

namespace Symbolon.EndToEndTests.Console;

/// <summary>What axe does not see: a line of text over another, and text that is cut off without a sign that it goes on.</summary>
internal static class TextOnText
{
    public static Task<string[]> FindAsync(IPage page) => page.EvaluateAsync<string[]>("""
        () => {
          const found = [], lines = [], style = element => getComputedStyle(element), short = text => text.trim().replace(/\s+/g, " ").slice(0, 40);
          // What has its own place in the window is meant to lie over the rest.
          const layers = new Map(), layerOf = element => {
            if (!element || element === document.body) return null;
            if (!layers.has(element)) layers.set(element, ["fixed", "sticky"].includes(style(element).position) || element.matches("dialog") ? element : layerOf(element.parentElement));
            return layers.get(element);
          };
          // What is scrolled or cut away is not seen, so it lies over nothing.
          const seen = (element, rect) => {
            let { left, top, right, bottom } = rect;
            for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
              const { overflowX, overflowY, clipPath } = style(at);
              if (clipPath !== "none") return null;
              const box = at.getBoundingClientRect();
              if (overflowX !== "visible") [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
              if (overflowY !== "visible") [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
            }
            return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null;
          };
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
          for (let node = texts.nextNode(); node; node = texts.nextNode()) {
            const element = node.parentElement;
            if (!node.data.trim() || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || element.closest(".sr, .skip, svg, option, select, textarea")) continue;
            range.selectNodeContents(node);
            for (const rect of range.getClientRects()) {
              // A text that is shortened has a line for what is shown and one for all. Letters are lower than their line.
              const box = seen(element, { left: rect.left + 1, right: rect.right - 1, top: rect.top + rect.height / 4, bottom: rect.bottom - rect.height / 4 });
              if (box) lines.push({ ...box, node, layer: layerOf(element), text: node.data });
            }
          }
          lines.sort((a, b) => a.top - b.top);
          lines.forEach((line, i) => {
            for (let j = i + 1; j < lines.length && lines[j].top < line.bottom; j++)
              if (lines[j].node !== line.node && lines[j].layer === line.layer && lines[j].left < line.right && line.left < lines[j].right) found.push(`"${short(lines[j].text)}" lies on "${short(line.text)}"`);
          });
          for (const element of document.querySelectorAll("body *")) {
            const { overflowX, textOverflow, clipPath } = style(element);
            if (["hidden", "clip"].includes(overflowX) && textOverflow !== "ellipsis" && clipPath === "none" && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1 && element.checkVisibility()
              && !element.matches(".sr, svg *, input, select, textarea")) found.push(`<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}"> cuts off "${short(element.textContent)}"`);
          }
          for (const fact of document.querySelectorAll(".facts > div")) if (fact.scrollWidth > fact.clientWidth + 1) found.push(`the fact "${short(fact.textContent)}" reaches out of its place`);
          return found.slice(0, 8);
        }
        """);
}
