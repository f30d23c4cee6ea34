import { cp, symlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { ensureCli } from '../../scripts/lib/ensure-cli.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { visibleProgress } from '../../scripts/lib/progress.ts'

/** Copies the bundle, so that a build in the meantime changes nothing. Returns its entry. */
export async function copyProgram(folder: string): Promise<string> {
	const entry = await ensureCli(projectRoot, visibleProgress)
	await cp(join(projectRoot, 'dist/cli'), join(folder, 'dist/cli'), { recursive: true })
	await cp(join(projectRoot, 'package.json'), join(folder, 'package.json'))
	await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
	return join(folder, relative(projectRoot, entry))
}
