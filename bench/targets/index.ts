import { ensureCli } from '../../scripts/lib/ensure-cli.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { visibleProgress } from '../../scripts/lib/progress.ts'
import type { Child } from '../children.ts'
import type { LoadOrder } from '../load/protocol.ts'
import type { Workload } from '../workloads/index.ts'
import { bundleFloor, startFloor } from './floors.ts'
import { accessKey, type OursType, prepareOurs } from './ours.ts'

/** Something that stands between the load generator and the scripted upstream. */
export interface Target {
	/** `<what>/<upstream type>` */
	name: string
	/** The target that its CPU is compared with. */
	pipe: string
	/** How it is called, and what it must answer. */
	order: Pick<LoadOrder, 'path' | 'headers' | 'expected'>
	/** A new process; undefined for the upstream itself, which is no proxy. */
	start: (() => Promise<Child>) | undefined
	/** Does some of a request's work after its answer. */
	settles: boolean
	takesPart(workload: Workload): boolean
}

const messages = { path: '/v1/messages', headers: { 'x-api-key': accessKey } }
const completions = { path: '/v1/chat/completions', headers: {} }
const always = () => true

/** Makes all targets ready to be started. */
export async function prepareTargets(folder: string, upstreamUrl: string): Promise<Target[]> {
	const entry = await ensureCli(projectRoot, visibleProgress)
	const pipe = await bundleFloor('pipe', folder)
	const convert = await bundleFloor('convert', folder)
	const prepare = (type: OursType) => prepareOurs(type, { folder, entry, upstreamUrl })
	const [claude, openai, gemini] = await Promise.all([
		prepare('claude'),
		prepare('openai'),
		prepare('gemini'),
	])
	const direct: Target = {
		name: 'direct',
		pipe: 'pipe/claude',
		order: { ...messages, expected: 'anthropic' },
		start: undefined,
		settles: false,
		takesPart: workload => workload.paceMs !== undefined,
	}
	const floor = (name: string, order: Target['order'], file: string): Target => ({
		name,
		pipe: name === 'pipe/claude' ? name : 'pipe/openai',
		order,
		start: () => startFloor(file, upstreamUrl),
		settles: false,
		takesPart: always,
	})
	const ours = (type: OursType, start: () => Promise<Child>): Target => ({
		name: `ours/${type}`,
		pipe: type === 'claude' ? 'pipe/claude' : 'pipe/openai',
		order: { ...messages, expected: type === 'claude' ? 'anthropic' : 'message' },
		start,
		settles: true,
		takesPart: type === 'gemini' ? workload => workload.gemini === true : always,
	})
	return [
		direct,
		floor('pipe/claude', { ...messages, expected: 'anthropic' }, pipe),
		ours('claude', claude),
		floor('pipe/openai', { ...completions, expected: 'openai' }, pipe),
		floor('convert/openai', { ...messages, expected: 'message' }, convert),
		ours('openai', openai),
		ours('gemini', gemini),
	]
}
