// Builds src/ into dist/: one style sheet, one module (with parts that are loaded when a page needs them), one icon.
// Names carry a hash of the content, so that they can be cached for ever; manifest.json says which is which.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as esbuild from 'esbuild'
import * as sass from 'sass'

process.chdir(import.meta.dirname)
const dist = 'dist'
const target = ['chrome109', 'edge109', 'firefox115', 'safari15.4']

/** Writes text under a name that carries its hash, and returns the name. */
async function write(name, text) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase()
  const [stem, extension] = name.split('.')
  const file = `${stem}-${hash}.${extension}`
  await writeFile(join(dist, file), text)
  return file
}

async function style() {
  const { css } = await sass.compileAsync('src/site.scss', { loadPaths: ['.', 'node_modules'], quietDeps: true })
  const { code } = await esbuild.transform(css, { loader: 'css', minify: true, target })
  return write('site.css', code)
}

async function script() {
  const { metafile } = await esbuild.build({
    entryPoints: ['src/site.js'],
    outdir: dist,
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    target,
    metafile: true,
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    legalComments: 'eof'
  })
  const [entry] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === 'src/site.js')
  return basename(entry)
}

await mkdir(dist, { recursive: true })
for (const file of await readdir(dist)) {
  if (file !== '.keep') await rm(join(dist, file))
}
const [css, js, icon] = await Promise.all([style(), script(), readFile('src/icon.svg').then((svg) => write('icon.svg', svg))])
await writeFile(join(dist, 'manifest.json'), JSON.stringify({ 'site.css': css, 'site.js': js, 'icon.svg': icon }, null, 2) + '\n')
for (const file of await readdir(dist)) {
  if (file === '.keep' || file === 'manifest.json') continue
  const content = await readFile(join(dist, file))
  console.log(`${file}: ${content.length} bytes, ${gzipSync(content).length} gzipped`)
}
