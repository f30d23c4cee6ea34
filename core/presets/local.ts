import type { Preset } from './preset.ts'

/** Servers on one's own computer: out of reach for a deployment elsewhere. */
export const localPresets: readonly Preset[] = [
	{
		id: 'ollama',
		name: 'Ollama',
		group: 'local',
		vendor: 'ollama',
		domains: [],
		endpoints: [
			{ type: 'claude', baseUrl: 'http://localhost:11434' },
			{ type: 'openaiold', baseUrl: 'http://localhost:11434/v1' },
		],
		keyPageUrl: '',
		website: 'https://ollama.com',
		modelMap: {},
		notes: [
			{
				en: 'Any key will do. Raise the context length: the default cuts off what Claude Code sends.',
				zh: '密钥可随意填写。请调大上下文长度：默认值会截断 Claude Code 发送的内容。',
			},
			{
				en: 'The Messages API needs Ollama 0.14 or newer.',
				zh: 'Messages 接口需要 Ollama 0.14 或更新版本。',
			},
		],
	},
	{
		id: 'lmstudio',
		name: 'LM Studio',
		group: 'local',
		vendor: 'lmstudio',
		domains: [],
		endpoints: [
			{ type: 'claude', baseUrl: 'http://localhost:1234' },
			{ type: 'openaiold', baseUrl: 'http://localhost:1234/v1' },
		],
		keyPageUrl: '',
		website: 'https://lmstudio.ai',
		modelMap: {},
		notes: [
			{ en: 'Any key will do unless the server asks for one.', zh: '服务器未启用鉴权时，密钥可随意填写。' },
		],
	},
	{
		id: 'vllm',
		name: 'vLLM',
		group: 'local',
		vendor: 'vllm',
		domains: [],
		endpoints: [
			{ type: 'claude', baseUrl: 'http://localhost:8000' },
			{ type: 'openai', baseUrl: 'http://localhost:8000/v1' },
		],
		keyPageUrl: '',
		website: 'https://docs.vllm.ai',
		modelMap: {},
		notes: [
			{
				en: 'Tools need --enable-auto-tool-choice and a --tool-call-parser.',
				zh: '使用工具需要 --enable-auto-tool-choice 和 --tool-call-parser。',
			},
		],
	},
]
