// The words on the page that do not stand out enough from what is behind them (below 4.5 to 1), each with its ratio.
() => {
  const parse = (text) => {
    const numbers = text.match(/-?[\d.]+/g).map(Number);
    const [r, g, b, a = 1] = text.startsWith('color') ? [numbers[0]*255, numbers[1]*255, numbers[2]*255, numbers[3]] : numbers;
    return [r, g, b, a];
  };
  const over = (top, under) => top.slice(0, 3).map((part, i) => part * top[3] + under[i] * (1 - top[3])).concat(1);
  const backdrop = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduceRight((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const element = node.parentElement;
    const shown = element.checkVisibility({opacityProperty: true, visibilityProperty: true});
    if (!node.data.trim() || !shown || element.closest('.spoiler, :disabled, .more')) continue;
    const under = backdrop(element);
    const words = over(parse(getComputedStyle(element).color), under);
    const [high, low] = [light(words), light(under)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) faint.push(`${node.data.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return faint;
}
