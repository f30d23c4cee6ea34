import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { projectRoot } from '../../scripts/lib/layout.ts'

export type Sources = readonly ts.SourceFile[]

/** Deeper than any sentence is passed on. */
const maxDepth = 6

/** The program's own files of some patterns, read for what they say. */
export function readSources(patterns: readonly string[]): Sources {
	return patterns
		.flatMap(pattern => globSync(pattern, { cwd: projectRoot }))
		.filter(file => !/\.test\.ts$|test-support\//.test(file))
		.map(file =>
			ts.createSourceFile(file, readFileSync(join(projectRoot, file), 'utf8'), ts.ScriptTarget.Latest, true),
		)
}

export function* listNodes(node: ts.Node): Generator<ts.Node> {
	yield node
	for (const child of node.getChildren()) yield* listNodes(child)
}

/**
 * What a value may say, followed to where it is written: `{0}` stands for what varies, and nothing is told of what
 * varies as a whole.
 */
export function listSentences(value: ts.Expression, sources: Sources, depth = 0): string[] {
	const further = (inner: ts.Expression) => listSentences(inner, sources, depth + 1)
	if (depth > maxDepth) return []
	if (ts.isStringLiteralLike(value)) return [value.text]
	if (ts.isTemplateExpression(value)) return fillTemplate(value)
	if (ts.isConditionalExpression(value)) return [...further(value.whenTrue), ...further(value.whenFalse)]
	if (ts.isCallExpression(value)) return listReturns(value, sources).flatMap(further)
	if (ts.isIdentifier(value)) return resolveName(value, sources, depth)
	// Fields that are read from a list, as arguments of the same functions.
	return []
}

/** A choice between words inside of a sentence makes two sentences. */
function fillTemplate({ head, templateSpans }: ts.TemplateExpression): string[] {
	let texts = [head.text]
	let place = 0
	for (const { expression, literal } of templateSpans) {
		const choice = ts.isConditionalExpression(expression) ? [expression.whenTrue, expression.whenFalse] : []
		const words = choice.every(ts.isStringLiteralLike) ? choice.map(word => word.text) : []
		const fillings = words.length > 0 ? words : [`{${place++}}`]
		texts = texts.flatMap(text => fillings.map(filling => text + filling + literal.text))
	}
	return texts
}

function listReturns(call: ts.CallExpression, sources: Sources): ts.Expression[] {
	const name = call.expression.getText()
	return sources.flatMap(source =>
		[...listNodes(source)]
			.filter(node => ts.isFunctionDeclaration(node) && node.name?.text === name)
			.flatMap(node => [...listNodes(node)])
			.flatMap(node => (ts.isReturnStatement(node) && node.expression ? [node.expression] : [])),
	)
}

function resolveName(name: ts.Identifier, sources: Sources, depth: number): string[] {
	for (let node: ts.Node = name; node !== undefined; node = node.parent) {
		const written = findConstant(node, name.text)
		if (written) return listSentences(written, sources, depth + 1)
		if (!ts.isFunctionLike(node)) continue
		const place = node.parameters.findIndex(({ name: own }) => own.getText() === name.text)
		if (place === -1) continue
		const called =
			node.name?.getText() ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : '')
		return listArguments(called, place, sources).flatMap(value => listSentences(value, sources, depth + 1))
	}
	return []
}

function findConstant(scope: ts.Node, name: string): ts.Expression | undefined {
	if (!ts.isBlock(scope) && !ts.isSourceFile(scope) && !ts.isCaseClause(scope)) return undefined
	for (const statement of scope.statements) {
		if (!ts.isVariableStatement(statement)) continue
		for (const declaration of statement.declarationList.declarations) {
			if (declaration.name.getText() === name && declaration.initializer) return declaration.initializer
		}
	}
	return undefined
}

/** What functions of a name are called with. */
function listArguments(called: string, place: number, sources: Sources): ts.Expression[] {
	return sources.flatMap(source =>
		[...listNodes(source)].flatMap(node => {
			if (!ts.isCallExpression(node) || node.expression.getText().split('.').at(-1) !== called) return []
			const argument = node.arguments[place]
			return argument ? [argument] : []
		}),
	)
}
