import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import ts from 'typescript'

/** One file of the project. `code` is parsed TypeScript; for a Svelte component, its scripts. */
export interface Source {
	/** From the project's root, with `/`. */
	path: string
	text: string
	code: ts.SourceFile
}

/** What a rule found, as `file:line  sentence`. */
export type Violation = string

const skippedFolders = new Set([
	'node_modules',
	'dist',
	'build',
	'data',
	'coverage',
	'fixtures',
	'results',
	'.svelte-kit',
	'.cache',
	'.git',
	'.vercel',
])

/** Reads every TypeScript and Svelte file below `root`. */
export function readSources(root: string): Source[] {
	return listSourceFiles(root, '').map(path => createSource(path, readFileSync(join(root, path), 'utf8')))
}

function listSourceFiles(root: string, folder: string): string[] {
	return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
		const path = folder === '' ? entry.name : `${folder}/${entry.name}`
		if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : listSourceFiles(root, path)
		return ['.ts', '.svelte'].includes(extname(entry.name)) ? [path] : []
	})
}

export function createSource(path: string, text: string): Source {
	const code = path.endsWith('.svelte') ? keepScripts(text) : text
	return { path, text, code: ts.createSourceFile(path, code, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS) }
}

/** Blanks out everything but the scripts, so that lines keep their numbers. */
function keepScripts(text: string): string {
	const blank = (part: string) => part.replace(/[^\n]/g, ' ')
	let code = ''
	let end = 0
	for (const match of text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)) {
		const start = match.index + match[0].indexOf('>') + 1
		code += blank(text.slice(end, start)) + (match[1] ?? '')
		end = start + (match[1] ?? '').length
	}
	return code + blank(text.slice(end))
}

export function visitNodes(source: Source, visit: (node: ts.Node) => void): void {
	const walk = (node: ts.Node): void => {
		visit(node)
		ts.forEachChild(node, walk)
	}
	walk(source.code)
}

export function at(source: Source, node: ts.Node): string {
	const { line } = source.code.getLineAndCharacterOfPosition(node.getStart(source.code))
	return `${source.path}:${line + 1}`
}

/** Tests and what only tests use (`…-support.ts`, `test-support/`): they may reach anywhere. */
export const isTest = (path: string) =>
	path.endsWith('.test.ts') || path.startsWith('test/') || /-support(\.ts$|\/)/.test(path)
