import type { Part } from './draft.ts'
import { imagePart } from './request-body.ts'

/** What the Messages API takes: https://docs.claude.com/en/docs/build-with-claude/vision */
export const imageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']
const mostBytes = 5 * 1024 * 1024

export type ImageProblem = 'type' | 'size'

/** Files as parts of a message; those that no model takes are named with what is wrong. */
export async function readImages(
	files: Iterable<File>,
): Promise<{ parts: Part[]; problems: { name: string; problem: ImageProblem }[] }> {
	const parts: Part[] = []
	const problems: { name: string; problem: ImageProblem }[] = []
	for (const file of files) {
		if (!imageTypes.includes(file.type)) problems.push({ name: file.name, problem: 'type' })
		else if (file.size > mostBytes) problems.push({ name: file.name, problem: 'size' })
		else parts.push(imagePart(file.type, await readBase64(file)))
	}
	return { parts, problems }
}

function readBase64(file: File): Promise<string> {
	return new Promise((resolve, reject) => {
		const reader = new FileReader()
		reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '')
		reader.onerror = () => reject(reader.error)
		reader.readAsDataURL(file)
	})
}
