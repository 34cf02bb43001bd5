// Draws every <name>.tex of this folder as <name>.svg. See README.md beside this file.

import { createRequire } from 'node:module';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// `require` and not `import`: it looks along NODE_PATH, so that MathJax need not live in the repository.
const require = createRequire(import.meta.url);
const { mathjax } = require('mathjax-full/js/mathjax.js');
const { TeX } = require('mathjax-full/js/input/tex.js');
const { SVG } = require('mathjax-full/js/output/svg.js');
const { liteAdaptor } = require('mathjax-full/js/adaptors/liteAdaptor.js');
const { RegisterHTMLHandler } = require('mathjax-full/js/handlers/html.js');
const { AllPackages } = require('mathjax-full/js/input/tex/AllPackages.js');

const folder = dirname(fileURLToPath(import.meta.url));

/** Splits a source into its two comment lines and the TeX below them. */
function parse(name, text) {
  const head = /^% spoken: (\S.*)\n% style: (display|inline)\n/.exec(text);
  if (head === null) throw new Error(`${name}.tex: "% spoken: ..." and "% style: display|inline" must come first`);
  return { spoken: head[1].trim(), display: head[2] === 'display', tex: text.slice(head[0].length).trim() };
}

const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** Takes off what no reader needs, puts the spoken form in, and gives what ids are left the equation's name. */
function tidy(svg, name, spoken) {
  return svg
    .replace(/ stroke="currentColor"/g, '')
    .replace(/ stroke-width="0"/g, '')
    .replace(/ focusable="false"/g, '')
    .replace(/ data-[a-z-]+="[^"]*"/g, '')
    .replace(/<g>(<path [^>]*><\/path>)<\/g>/g, '$1')
    .replace(/><\/(path|rect)>/g, '/>')
    .replace(/<g[^>]*><g><\/g><\/g>|<g><\/g>/g, '')
    .replace(/\bid="([^"]+)"/g, `id="${name}-$1"`)
    .replace(/href="#([^"]+)"/g, `href="#${name}-$1"`)
    .replace(/^(<svg [^>]*>)/, `$1<title>${escape(spoken)}</title>`);
}

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
// An unknown command must stop the script, not become red text in a picture.
const packages = AllPackages.filter((one) => one !== 'noundefined' && one !== 'noerrors');
const input = new TeX({ packages, formatError: (_, error) => { throw error; } });
// Without the font cache a picture has no ids at all: it may stand twice on a page.
const document = mathjax.document('', { InputJax: input, OutputJax: new SVG({ fontCache: 'none' }) });

const names = readdirSync(folder).filter((file) => file.endsWith('.tex')).map((file) => file.slice(0, -4)).sort();
for (const name of names) {
  const { spoken, display, tex } = parse(name, readFileSync(join(folder, `${name}.tex`), 'utf8'));
  const drawn = document.convert(tex, { display, em: 16, ex: 8, containerWidth: 80 * 16 });
  writeFileSync(join(folder, `${name}.svg`), tidy(adaptor.innerHTML(drawn), name, spoken) + '\n');
}
console.log(`${names.length} equations drawn`);
