/** The instructions of a Dockerfile that ours uses; anything else is an error, so that no step is overlooked. */
export type Instruction =
	| { kind: 'run'; command: string }
	| { kind: 'copy'; from: string | undefined; sources: string[]; target: string }
	| { kind: 'workdir'; path: string }
	| { kind: 'env'; variables: Record<string, string> }
	| { kind: 'user'; name: string }

export interface Stage {
	name: string
	base: string
	instructions: Instruction[]
}

export interface Dockerfile {
	stages: Stage[]
	/** Of the last stage. */
	command: string[]
	healthcheck: string[]
	volumes: string[]
	stopSignal: string
}

/** Reads a Dockerfile. Source: https://docs.docker.com/reference/dockerfile/ */
export function readDockerfile(text: string): Dockerfile {
	const file: Dockerfile = { stages: [], command: [], healthcheck: [], volumes: [], stopSignal: 'SIGTERM' }
	for (const line of text.replace(/\\\n/g, ' ').split('\n')) {
		const [, name = '', rest = ''] = /^\s*([A-Z]+)\s+(.*?)\s*$/.exec(line) ?? []
		if (name === '') continue
		const stage = file.stages.at(-1)
		if (name === 'FROM') file.stages.push(readStage(rest, file.stages.length))
		else if (name === 'CMD') file.command = JSON.parse(rest) as string[]
		else if (name === 'HEALTHCHECK') file.healthcheck = JSON.parse(rest.replace(/^.*?CMD\s+/, '')) as string[]
		else if (name === 'VOLUME') file.volumes.push(...rest.split(/\s+/))
		else if (name === 'STOPSIGNAL') file.stopSignal = rest
		else if (name !== 'EXPOSE') stage?.instructions.push(readInstruction(name, rest))
	}
	return file
}

function readStage(text: string, index: number): Stage {
	const [base = '', , name = String(index)] = text.split(/\s+/)
	return { name, base, instructions: [] }
}

function readInstruction(name: string, rest: string): Instruction {
	const words = rest.split(/\s+/)
	switch (name) {
		case 'RUN':
			return { kind: 'run', command: rest }
		case 'WORKDIR':
			return { kind: 'workdir', path: rest }
		case 'USER':
			return { kind: 'user', name: rest }
		case 'ENV':
			return { kind: 'env', variables: Object.fromEntries(words.map(word => word.split('=', 2))) }
		case 'COPY': {
			const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined
			return { kind: 'copy', from, sources: words.slice(0, -1), target: words.at(-1) ?? '' }
		}
		default:
			throw new Error(`the Dockerfile has ${name}, which this check does not know`)
	}
}
