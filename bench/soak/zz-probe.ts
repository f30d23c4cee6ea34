import { mkdtemp } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { FaultSchedule } from './faults.ts'
import { runLoad } from './load.ts'
import { startPlace } from './places.ts'
import { copyProgram } from './program.ts'
import { Problems } from './tally.ts'
import { startUpstreams } from './upstreams.ts'
import { Visibility } from './visibility.ts'
const folder = await mkdtemp('/tmp/claude-proxy-probe-')
const upstreams = await startUpstreams()
const problems = new Problems()
const name = process.argv[2] as 'file' | 'server'
const withFaults = process.argv[3] === 'faults'
const minutes = Number(process.argv[4] ?? 6)
const place = await startPlace(name, { folder, entry: await copyProgram(folder), instances: 2, upstreamUrls: upstreams.urls, problems })
const faults = new FaultSchedule(place.faults)
const visibility = new Visibility(faults, problems)
const until = Date.now() + minutes * 60_000
const clear = async () => { while (Date.now() < until) { await pause(5000); await place.cli(['key', place.upstreamIds.blue, 'clear', '--all']) } }
const sample = async () => { while (Date.now() < until) { const out = await Promise.all(place.instances.map(async i => { const m = await i.measure(); return `${(m.rss / 1e6).toFixed(0)}/${(m.heap / 1e6).toFixed(0)}/${m.sockets}` })); console.log(Math.round((until - Date.now()) / 1000), out.join('  '), place.instances.map(i => i.tally.answered).join(' ')); await pause(20_000) } }
await Promise.all([sample(), clear(), ...(withFaults ? [faults.run({ until, everyMs: 20_000, forMs: 6000 })] : []), ...place.instances.map(instance => runLoad({ instance, visibility, broken: upstreams.broken, problems, clients: 6, until }))])
console.log(problems.list().slice(0, 5))
await place.close(); await upstreams.close(); process.exit()
