import { ensureCli } from '../../scripts/lib/ensure-cli.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { visibleProgress } from '../../scripts/lib/progress.ts'
import type { Child } from '../children.ts'
import type { LoadOrder } from '../load/protocol.ts'
import type { Workload } from '../workloads/index.ts'
import { bundleFloor, startFloor } from './floors.ts'
import { accessKey, type OursType, prepareOurs } from './ours.ts'
import { createVariants, type Variant } from './variants.ts'

/** Something that stands between the load generator and the scripted upstream. */
export interface Target {
	/** `<what>/<upstream type>` */
	name: string
	/** The target that its CPU is compared with. */
	pipe: string
	/** How it is called, and what it must answer. */
	order: Pick<LoadOrder, 'path' | 'headers' | 'expected'>
	/** Makes what a start needs, once. */
	prepare?: () => Promise<unknown>
	/** A new process; undefined for the upstream itself, which is no proxy. */
	start: (() => Promise<Child>) | undefined
	/** Does some of a request's work after its answer. */
	settles: boolean
	takesPart(workload: Workload): boolean
}

export interface Targets {
	all: readonly Target[]
	close(): Promise<void>
}

const messages = { path: '/v1/messages', headers: { 'x-api-key': accessKey } }
const completions = { path: '/v1/chat/completions', headers: {} }
const otherDialects: readonly OursType[] = ['gemini', 'responses']

/** All targets; what one needs is made when it is started first. */
export async function prepareTargets(folder: string, upstreamUrl: string): Promise<Targets> {
	const entry = await ensureCli(projectRoot, visibleProgress)
	const [pipe, convert] = await Promise.all([bundleFloor('pipe', folder), bundleFloor('convert', folder)])
	const { variants, stop } = createVariants()
	const toOurs = (type: OursType, variant?: Variant) =>
		describeOurs(type, () => prepareOurs(type, { folder, entry, upstreamUrl }, variant), variant)
	const toFloor = (name: string, order: Target['order'], file: string): Target => ({
		...{ name, order, settles: false },
		pipe: name === 'pipe/claude' ? name : 'pipe/openai',
		start: () => startFloor(file, upstreamUrl),
		takesPart: workload => !workload.extras || name === 'pipe/openai',
	})
	const all = [
		direct,
		toFloor('pipe/claude', { ...messages, expected: 'anthropic' }, pipe),
		toOurs('claude'),
		toFloor('pipe/openai', { ...completions, expected: 'openai' }, pipe),
		toFloor('convert/openai', { ...messages, expected: 'message' }, convert),
		toOurs('openai'),
		...otherDialects.map(type => toOurs(type)),
		...variants.map(variant => toOurs('openai', variant)),
	]
	return { all, close: stop }
}

const direct: Target = {
	name: 'direct',
	pipe: 'pipe/claude',
	order: { ...messages, expected: 'anthropic' },
	start: undefined,
	settles: false,
	takesPart: workload => workload.paceMs !== undefined,
}

function describeOurs(
	type: OursType,
	prepareOnce: () => Promise<() => Promise<Child>>,
	variant: Variant | undefined,
): Target {
	let prepared: Promise<() => Promise<Child>> | undefined
	const prepare = () => {
		prepared ??= prepareOnce()
		return prepared
	}
	return {
		name: variant ? `ours + ${variant.name}` : `ours/${type}`,
		pipe: type === 'claude' ? 'pipe/claude' : 'pipe/openai',
		order: { ...messages, expected: type === 'claude' ? 'anthropic' : 'message' },
		prepare,
		start: async () => (await prepare())(),
		settles: true,
		takesPart(workload) {
			if (variant || workload.extras) return workload.extras === true && type === 'openai'
			return !otherDialects.includes(type) || workload.allDialects === true
		},
	}
}
