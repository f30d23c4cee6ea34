import { type Dialect, renderAnswer } from '../../bench/workloads/answer.ts'
import { wordStream } from '../../bench/workloads/texts.ts'
import { sendStream } from './convert-stream.ts'

/** `node --expose-gc allocation-program.ts <upstream type>`: prints the heap bytes allocated per delta of a stream. */
const type = process.argv[2] ?? ''
const dialect = (type === 'claude' ? 'anthropic' : type) as Dialect
const deltas = 200
const events = renderAnswer(dialect, wordStream(deltas))
const reads = Array.from({ length: 20 }, (_, read) => events.slice(read * 11, (read + 1) * 11).join(''))

const streams = 20
const run = () => {
	for (let stream = 0; stream < streams; stream++) sendStream(type, reads)
}
// Compiled code and what is learnt once must not count.
for (let round = 0; round < 5; round++) run()
globalThis.gc?.()
const before = process.memoryUsage().heapUsed
run()
const after = process.memoryUsage().heapUsed
process.stdout.write(String(Math.round((after - before) / (streams * deltas))))
