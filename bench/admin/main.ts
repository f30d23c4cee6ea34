import { parseArgs } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { ensureAdmin } from '../../scripts/lib/ensure-admin.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { fillDatabase } from '../../scripts/shots/data.ts'
import { fillManyUpstreams, keysEach, upstreamCount } from '../../test/browser/support/many-upstreams.ts'
import { describeBrowser } from '../../test/support/chromium.ts'
import { startProxy } from '../../test/support/proxy.ts'
import { measureInteractions } from './interactions.ts'
import { measureLoad, measureWork } from './load.ts'

/**
 * `node bench/admin/main.ts [--quick]`: how long pages of the admin take to show and to answer, in a browser whose
 * processor is slowed down as far as told. Fails when a goal is missed. What it counts is the best of several rounds;
 * on a computer with other work to do only the CPU time means anything.
 */
const slowdown = 4
const goals = { lcpMs: 1000, shift: 0.01, interactionMs: 200 }
const paths = [
	'/',
	'/activity',
	'/requests',
	'/playground',
	'/history',
	'/settings',
	'/connect',
	'/upstreams/new',
]

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const rounds = values.quick ? 1 : 5
const missed: string[] = []
const check = (what: string, found: number, goal: number) => {
	if (!(found < goal)) missed.push(`${what}: ${found}, goal below ${goal}`)
}

const writeRow = (name: string, figures: readonly string[], rest = '') =>
	`${name.padEnd(24)}${figures.map(figure => figure.padStart(8)).join('')}  ${rest}`

async function reportLoad(browser: Browser, url: string, path: string, name: string): Promise<void> {
	const loads = []
	const works = []
	for (let round = 0; round < rounds; round++) {
		loads.push(await measureLoad(browser, url, path, slowdown))
		works.push(slowdown * (await measureWork(browser, url, path)))
	}
	const times = loads.map(({ lcpMs }) => lcpMs).sort((one, two) => one - two)
	const [best = Number.NaN] = times
	const median = times[Math.floor(times.length / 2)] ?? Number.NaN
	const shift = Math.max(...loads.map(load => load.shift))
	const figures = [best.toFixed(0), median.toFixed(0), Math.min(...works).toFixed(0), shift.toFixed(4)]
	console.log(writeRow(name, figures, loads.at(-1)?.element))
	check(`largest paint of ${name}, ms`, best, goals.lcpMs)
	check(`layout shift of ${name}`, shift, goals.shift)
}

await ensureAdmin(projectRoot, (label, work) => {
	console.log(label)
	return work()
})
const proxy = await startProxy({}, 'node', { admin: true })
const crowded = await startProxy({}, 'node', { admin: true })
const browser = await chromium.launch(await describeBrowser())
try {
	await fillDatabase(proxy)
	await fillManyUpstreams(crowded)
	console.log(
		`largest paint at ${slowdown} times slower, ms; all CPU of the page's thread times ${slowdown}; layout shift\n`,
	)
	console.log(writeRow('page', ['best', 'median', 'CPU', 'shift'], 'what was painted'))
	for (const path of paths) await reportLoad(browser, proxy.url, path, path)
	await reportLoad(browser, crowded.url, '/', `/ with ${upstreamCount} upstreams`)
	const found = await measureInteractions(browser, crowded.url, rounds)
	console.log(
		`\nfrom a key or click to the paint, ${upstreamCount} upstreams of ${keysEach} keys, best of ${rounds}, ms`,
	)
	for (const [kind, ms] of Object.entries(found)) {
		console.log(writeRow(kind, [ms.toFixed(0)]))
		check(kind, ms, goals.interactionMs)
	}
} finally {
	await browser.close()
	await proxy.close()
	await crowded.close()
}
if (missed.length > 0) {
	console.error(`\n${missed.join('\n')}`)
	process.exitCode = 1
}
