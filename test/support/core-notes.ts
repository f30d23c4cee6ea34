import ts from 'typescript'
import { listNodes, listSentences, readSources } from './sentences.ts'

const patterns = ['core/upstreams/**/*.ts', 'core/messages/**/*.ts', 'core/config/learned-facts.ts']

/**
 * Every sentence that a conversion note may say, read from the sources: `{0}` stands for what varies. Each object with
 * `field` and `detail` is looked at, and its `detail` followed to where it is written.
 */
export function listCoreNotes(): string[] {
	const sources = readSources(patterns)
	const found = new Set<string>()
	for (const source of sources) {
		for (const node of listNodes(source)) {
			if (!ts.isObjectLiteralExpression(node)) continue
			const detail = findProperty(node, 'detail')
			if (detail === undefined || findProperty(node, 'field') === undefined) continue
			for (const text of listSentences(detail, sources)) found.add(text)
		}
	}
	// Names of fields are words; a function that takes them as well passes through here.
	return [...found].filter(text => text.includes(' ')).sort()
}

function findProperty(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
	for (const property of object.properties) {
		if (property.name?.getText() !== name) continue
		if (ts.isPropertyAssignment(property)) return property.initializer
		if (ts.isShorthandPropertyAssignment(property)) return property.name
	}
	return undefined
}
