import {
	chmodSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { type Dockerfile, type Instruction, readDockerfile, type Stage } from './dockerfile.ts'
import { run } from './run.ts'
import { copyWorkTree } from './tree.ts'

/** Of the `node` user in the official image. */
const imageUser = 1000

export interface PreparedImage {
	/** Describes it to test/support/places/container.ts. */
	file: string
	/** The image's file system, as far as the Dockerfile fills it. */
	root: string
	megabytes: number
	remove(): void
}

/**
 * Performs the Dockerfile's steps without Docker: each stage in a folder of its own, the build context through
 * .dockerignore, paths and users as in the image. What it cannot show is the base image itself.
 */
export async function performDockerfile(): Promise<PreparedImage> {
	const work = mkdtempSync(join(tmpdir(), 'claude-proxy-image-'))
	chmodSync(work, 0o755)
	const context = join(work, 'context')
	copyWorkTree(context)
	const dockerfile = readDockerfile(readFileSync(join(context, 'Dockerfile'), 'utf8'))
	for (const name of readIgnored(context)) rmSync(join(context, name), { recursive: true, force: true })
	for (const stage of dockerfile.stages) {
		const root = join(work, stage.name)
		mkdirSync(root)
		await performStage(stage, { root, work, context })
	}
	const last = dockerfile.stages.at(-1) as Stage
	const root = join(work, last.name)
	const file = join(work, 'image.json')
	writeFileSync(file, JSON.stringify(describeImage(dockerfile, last, root)))
	return {
		...{ file, root, megabytes: Math.round(measure(root) / 1_000_000) },
		remove: () => rmSync(work, { recursive: true, force: true }),
	}
}

const readIgnored = (context: string): string[] =>
	readFileSync(join(context, '.dockerignore'), 'utf8')
		.split('\n')
		.map(line => line.trim())
		.filter(line => line !== '' && !line.startsWith('#'))

interface StagePlaces {
	root: string
	work: string
	context: string
}

async function performStage(stage: Stage, places: StagePlaces): Promise<void> {
	let workdir = '/'
	for (const instruction of stage.instructions) {
		if (instruction.kind === 'workdir') {
			workdir = instruction.path
			mkdirSync(join(places.root, workdir), { recursive: true })
		} else if (instruction.kind === 'copy') copy(instruction, workdir, places)
		else if (instruction.kind === 'run') await runIn(places.root, workdir, instruction.command)
	}
}

/** As Docker does: what a folder holds is copied, not the folder; a target that ends with a slash is a folder. */
function copy(
	{ from, sources, target }: Instruction & { kind: 'copy' },
	workdir: string,
	places: StagePlaces,
): void {
	const { root, work, context } = places
	for (const source of sources) {
		const origin = from === undefined ? join(context, source) : join(work, from, source)
		const place = join(root, resolve(workdir, target))
		const intoFolder = statSync(origin).isFile() && (target.endsWith('/') || sources.length > 1)
		cpSync(origin, intoFolder ? join(place, basename(origin)) : place, {
			recursive: true,
			verbatimSymlinks: true,
		})
	}
}

/** Absolute paths of the image lie below its root here, and its users have numbers only. */
async function runIn(root: string, workdir: string, command: string): Promise<void> {
	const here = command
		.replace(/(?<=\s)\/(?=\w)/g, `${root}/`)
		.replace(/\bnode:node\b/g, `${imageUser}:${imageUser}`)
	await run('sh', ['-c', here], { cwd: join(root, workdir) })
}

function describeImage({ command, healthcheck, volumes, stopSignal }: Dockerfile, last: Stage, root: string) {
	const find = <Kind extends Instruction['kind']>(kind: Kind) =>
		last.instructions.filter((each): each is Instruction & { kind: Kind } => each.kind === kind)
	const user = find('user').at(-1)?.name
	if (user !== 'node') throw new Error(`the image runs as ${user ?? 'root'}, not as node`)
	const variables = Object.assign({}, ...find('env').map(each => each.variables)) as Record<string, string>
	const workdir = find('workdir').at(-1)?.path ?? '/'
	return { root, workdir, command, healthcheck, volumes, stopSignal, variables, uid: imageUser }
}

const measure = (folder: string): number =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter(entry => entry.isFile())
		.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
