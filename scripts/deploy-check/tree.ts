import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectRoot } from '../lib/layout.ts'
import { run } from './run.ts'

/** Copies what git knows, and what it would know once it is added: the repository itself is not touched. */
export function copyWorkTree(target: string): void {
	rmSync(target, { recursive: true, force: true })
	mkdirSync(target, { recursive: true })
	const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
	const listed = execFileSync('git', args, { cwd: projectRoot, maxBuffer: 64 * 1024 * 1024 })
	for (const name of new Set(listed.toString().split('\0'))) {
		if (name === '' || !existsSync(join(projectRoot, name))) continue
		mkdirSync(dirname(join(target, name)), { recursive: true })
		cpSync(join(projectRoot, name), join(target, name))
	}
}

/** A built copy that uses the packages of this checkout. */
export async function buildTree(target: string): Promise<void> {
	copyWorkTree(target)
	symlinkSync(join(projectRoot, 'node_modules'), join(target, 'node_modules'))
	await run('npm', ['run', 'build'], { cwd: target })
}
