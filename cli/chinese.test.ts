import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CliFolder } from './test-support/cli-folder.ts'
import { goldenCommands } from './test-support/golden-cases.ts'
import { createGoldenFolder, type GoldenFolder } from './test-support/golden-folder.ts'

/** People are spoken to in their language; programs get the same document whatever the terminal's. */
let golden: GoldenFolder
let folder: CliFolder
beforeAll(async () => {
	golden = await createGoldenFolder()
	folder = golden.folder
})
afterAll(() => golden.remove())

const inChinese = (...argv: string[]) => folder.runWith({ language: 'zh' }, ...argv)

describe('an error', () => {
	test.each([
		[['use', 'nosuch'], 3, /^错误：没有渠道 "nosuch"\n提示：现有：月之暗面, /],
		[['use'], 2, /^错误：use 需要一个渠道：use <upstream>\n提示：用 npm run config -- list 查看\n$/],
		[['statsu'], 2, /^错误：没有命令 "statsu"\n提示：是否想输入 status？\n$/],
		[['list', '--jsn'], 2, /^错误：未知选项 --jsn\n提示：是否想输入 --json？\n$/],
		[['test', '--model'], 2, /^错误：--model 需要一个值\n提示：写作 --model <model>；/],
		[['add', 'local', 'openai', 'https://a.example'], 4, /^错误：名为 "?local"? 的渠道已存在；/],
		[
			['update', 'local', '--url', 'nonsense'],
			2,
			/^错误：url：必须是以 http:\/\/ 或 https:\/\/ 开头的 URL\n/,
		],
		[['history', 'show', '999'], 3, /^错误：没有第 999 版：/],
		[
			['key', '月之暗面', 'test', '77'],
			3,
			/^错误：月之暗面 没有这个密钥\n提示：请使用编号或 id，见：npm run config -- key 月之暗面 list\n/,
		],
	] as const)('of %j', async (argv, code, stderr) => {
		const ended = await inChinese(...argv)
		expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(stderr) })
	})

	test('of a change that came too late tells both sides', async () => {
		const revision = await folder.revision()
		await folder.run('update', 'local', '--timeout', '20s')
		const { code, stderr } = await inChinese(
			'update',
			'local',
			'--timeout',
			'30s',
			'--revision',
			String(revision),
		)
		expect(code).toBe(4)
		expect(stderr).toMatch(
			/^错误：第 \d+ 版之后配置有改动（现在是第 \d+ 版）：.+\n你想要的改动\n {2}~ .+\n第 \d+ 版之后\n {2}~ /,
		)
	})

	test('of a wrong variable names every one of them', async () => {
		process.env.PORT = 'x'
		process.env.LOG_LEVEL = 'loud'
		try {
			const { stderr } = await inChinese('list')
			expect(stderr).toMatch(
				/^错误：PORT 必须是 0 到 65535 的整数，而不是 "x"\nLOG_LEVEL 必须是 error, warn, info, debug 之一/,
			)
			expect(stderr).toMatch(/\n提示：请在 .+\.env 或环境变量中修正\n$/)
		} finally {
			delete process.env.PORT
			delete process.env.LOG_LEVEL
		}
	})
})

describe('a document for programs is the same', () => {
	test.each([...Object.entries(goldenCommands), ['error', ['use', 'nosuch']] as const])(
		'of %s',
		async (_, argv) => {
			const [own, other] = [await folder.run(...argv, '--json'), await inChinese(...argv, '--json')]
			// What was measured, and the time, differ.
			const plain = (text: string) => text.replace(/\d+/g, '0')
			expect(plain(other.stdout)).toBe(plain(own.stdout))
			expect(other.code).toBe(own.code)
		},
	)
})

test('questions are asked in Chinese', async () => {
	let asked = ''
	const confirm = async (question: string) => {
		asked = question
		return false
	}
	const { code, stderr } = await folder.runWith(
		{ language: 'zh', interactive: true, confirm },
		'remove',
		'local',
	)
	expect(asked).toBe('删除 local 及其 1 个密钥？')
	expect({ code, stderr }).toEqual({ code: 130, stderr: '错误：已取消：local 仍然保留\n' })
})
