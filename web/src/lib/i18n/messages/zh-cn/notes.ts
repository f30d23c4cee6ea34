import type { Messages } from '../en/index.ts'

export const notes = {
	'the upstream wants {0}': '渠道要的是 {0}',
	'the upstream takes at most {0} output tokens': '渠道最多接受 {0} 个输出 token',
	'the upstream does not take {0}': '渠道不接受 {0}',
	'the upstream takes these efforts: {0}': '渠道接受这些思考强度：{0}',
	'the upstream does not reason while it has tools': '有工具时渠道不做推理',
	'the upstream takes {0} to {1} thinking tokens': '渠道接受 {0} 到 {1} 个思考 token',
	'the upstream takes no thinking': '渠道不接受思考参数',
	'the upstream takes adaptive thinking only': '渠道只接受自适应思考',
	'the upstream takes no messages of role {0}': '渠道不接受角色为 {0} 的消息',
	"the upstream does not take {0} of a tool's schema": '渠道不接受工具结构中的 {0}',
	'the upstream reads no {0}s': '渠道不能读取{0}',
	'the upstream wants reasoning_content': '渠道要求带上 reasoning_content',
	'the upstream takes no reasoning_content': '渠道不接受 reasoning_content',
	'the upstream does not know {0}': '渠道不认识 {0}',
	'the upstream wants a thought signature on each call': '渠道要求每次调用都带思考签名',
	'thinking that another upstream signed was left out': '去掉了由其他渠道签名的思考内容',
	'any of the beta flags': '任何 beta 标志',
	'the beta {0}': 'beta {0}',
	'two tool calls had the same id': '两次工具调用的 id 相同',
	'arguments that came after the call was complete were dropped': '丢弃了调用结束之后才到达的参数',
	'a tool call was cut off by the token limit': '一次工具调用因 token 上限被截断',
	'{0} after the last content block was dropped: clients take it for an empty answer':
		'丢弃了最后一个内容块之后的{0}：客户端会把它当成空回答',
	'a {0} that cannot be sent to this upstream was replaced by a text that says so':
		'不能发给这个渠道的{0}换成了一段说明文字',
	'this upstream gives no citations of documents': '这个渠道不提供文档引用',
	'MCP servers are not called by this upstream': '这个渠道不会调用 MCP 服务器',
	'containers live at Anthropic and mean nothing here': '容器在 Anthropic 那边，在这里没有意义',
	'the tier is chosen in the upstream’s own project settings': '服务等级在渠道自己的项目设置里选择',
	'this upstream does not shorten a conversation: all of it was sent': '这个渠道不会缩短对话：发送了全部内容',
	'another key of the upstream is tried, never another model': '会换用渠道的另一个密钥，但不会换模型',
	'budgets of whole tasks are not known here': '这里没有整个任务的预算',
	'this upstream has nothing like it': '这个渠道没有类似的功能',
	'effort is set for the whole request, not for one message': '思考强度按整个请求设置，不能按单条消息设置',
	'a system message stays as long as the client sends it': '系统消息会一直保留，直到客户端不再发送',
	'tools were not added or removed midway: what `tools` lists can be called':
		'没有在中途增减工具：`tools` 里列出的都可以调用',
	'OpenAI’s APIs have no such parameter': 'OpenAI 的 API 没有这个参数',
	'reasoning models refuse it': '推理模型会拒绝它',
	'OpenAI-compatible models answer after a trailing assistant message, they do not continue it':
		'OpenAI 兼容的模型会在末尾的 assistant 消息之后另起回答，不会接着写',
	'tool name "{0}" is not allowed upstream': '上游不允许工具名“{0}”',
	'tool "{0}" ({1}) is built into Claude and was left out: other models do not know it':
		'工具“{0}”（{1}）是 Claude 内置的，其他模型不认识，已去掉',
	'this model takes at most {0} output tokens': '这个模型最多输出 {0} 个 token',
	'neither model nor upstream type is known to take a reasoning effort: its default holds':
		'不知道这个模型或渠道类型是否接受思考强度：使用它的默认值',
	'this model has no effort "{0}": "{1}" is the nearest': '这个模型没有思考强度“{0}”：最接近的是“{1}”',
	'a tool result without its call is sent as text': '没有对应调用的工具结果作为文字发送',
	'a tool call without a result was given one that says so': '没有结果的工具调用补上了一条说明',
	'{0} takes no alternatives at the top of a tool’s schema: they became one object':
		'{0} 不接受工具结构顶层的多选：合并成了一个对象',
	'the id of a call of an earlier turn was used again': '较早一轮工具调用的 id 被再次使用，已换成新的',
	'a tool call without a name': '一次没有名称的工具调用',
	'an item of type "{0}" has no place in a message': '消息里放不下类型为“{0}”的项',
	'a part of type "{0}" has no place in a message': '消息里放不下类型为“{0}”的部分',
	'unknown reason for an incomplete answer "{0}" taken for the token limit':
		'不认识的未完成原因“{0}”，按达到 token 上限处理',
	'thinking that this upstream did not make, or that led to nothing, was left out':
		'去掉了不是由这个渠道产生的、或没有下文的思考内容',
	'this API takes no limit below {0} output tokens': '这个 API 的输出上限不能低于 {0} 个 token',
	'the Responses API has no stop sequences': 'Responses API 没有停止序列',
	'tool "{0}" is not strict upstream: {1}': '工具“{0}”在上游不是严格模式：{1}',
	'this upstream type knows no strict tools': '这种渠道类型没有严格模式的工具',
	'its schema breaks OpenAI’s rules for strict ones': '它的结构不符合 OpenAI 对严格模式的要求',
	'the web search of this API can be limited to domains, but not kept from some':
		'这个 API 的网页搜索可以限定域名，但不能排除域名',
	'unknown finish reason "{0}" taken for the end of the turn': '不认识的结束原因“{0}”，按本轮结束处理',
	'only the first {0} are sent: the upstream takes no more': '只发送前 {0} 个：渠道不接受更多',
	'OpenAI refuses tools together with an effort in Chat Completions: the default holds':
		'在 Chat Completions 中，OpenAI 不允许同时使用工具和思考强度：使用默认值',
	'OpenAI refuses tools together with reasoning in Chat Completions for this model: reasoning is off':
		'在 Chat Completions 中，OpenAI 不允许这个模型同时使用工具和推理：已关闭推理',
	'this upstream type knows no structured output: the model is asked for it in the system prompt':
		'这种渠道类型没有结构化输出：改为在系统提示中要求模型',
	'this upstream type cannot be kept from calling several tools at once':
		'无法阻止这种渠道类型一次调用多个工具',
	'this upstream type cannot force one of several tools: the model may answer without any':
		'这种渠道类型不能在多个工具中强制其一：模型可能不调用工具就回答',
	'a function call without a name was left out': '去掉了一次没有名称的函数调用',
	'the model answered with a file, which a message cannot carry': '模型回答了一个文件，消息里放不下',
	'the answer ended with {0} after complete tool calls': '回答在完整的工具调用之后以 {0} 结束',
	'search results that another service encrypted became text': '由其他服务加密的搜索结果变成了文字',
	'the result of an unknown tool call became text': '未知工具调用的结果变成了文字',
	'a tool call had no result': '一次工具调用没有结果',
	'this model writes at most {0} tokens': '这个模型最多写 {0} 个 token',
	'this model takes no temperature, top_p or top_k': '这个模型不接受 temperature、top_p 和 top_k',
	'Gemini takes {0} stop sequences; the others were left out': 'Gemini 接受 {0} 个停止序列，其余的已去掉',
	'unknown format {0}': '不认识的格式 {0}',
	'this model cannot be bound to a schema while it has tools; the system prompt asks for it':
		'这个模型有工具时不能限定结构，改为在系统提示中要求',
	"Gemini's schema cannot say: {0}": 'Gemini 的结构无法表达：{0}',
	'the sources came after the text: they are told as its citations, not as blocks of a search':
		'来源在文字之后才到达：作为引用给出，而不是搜索结果块',
	'Gemini gives no citations of documents': 'Gemini 不提供文档引用',
	'the {0} became a text: {1}': '{0}变成了文字：{1}',
	'files uploaded to Anthropic stay there': '上传到 Anthropic 的文件留在那里',
	'Gemini takes no {0}': 'Gemini 不接受 {0}',
	'Gemini fetches from https addresses only': 'Gemini 只从 https 地址获取',
	'Gemini has nothing like a {0} block': 'Gemini 没有类似 {0} 的内容块',
	'Gemini has nothing like {0}': 'Gemini 没有类似 {0} 的功能',
	'Gemini has no strict tools: arguments may stray from the schema':
		'Gemini 没有严格模式的工具：参数可能偏离结构',
	'this model does not go on from a last assistant message by itself; it was asked to':
		'这个模型不会自行接着最后的 assistant 消息写，已要求它接着写',
	'this model is not known to think': '不知道这个模型是否会思考',
	'this model takes {0} to {1} thinking tokens, less than max_tokens':
		'这个模型接受 {0} 到 {1} 个思考 token，且要少于 max_tokens',
	'this model cannot turn thinking off; it thinks as little as it can': '这个模型不能关闭思考，会尽量少思考',
	'the name became {0}, since Gemini takes 64 letters, digits, _ and -':
		'名称改成了 {0}，因为 Gemini 只接受 64 个以内的字母、数字、_ 和 -',
	'another tool has the same name': '另一个工具的名称相同',
	'Gemini cannot use it together with the other tools': 'Gemini 不能把它和其他工具一起用',
	"Gemini's own tool takes no {0}": 'Gemini 自己的工具不接受 {0}',
	'Gemini cannot be kept from calling several tools at once': '无法阻止 Gemini 一次调用多个工具',
	'Gemini decides itself when it uses its own tools': 'Gemini 自己决定何时使用它的内置工具',
	'the billing header block was left out: it would defeat prompt caching':
		'去掉了计费头内容块：它会使提示缓存失效',
	"tools in OpenAI's shape were rewritten in Anthropic's": 'OpenAI 格式的工具改写成了 Anthropic 的格式',
	'thinking of another upstream was left out: its signature is not Anthropic’s':
		'去掉了其他渠道的思考内容：签名不是 Anthropic 的',
	'ids of tool calls that another upstream gave were replaced': '其他渠道给出的工具调用 id 已替换',
	image: '图片',
	document: '文档',
	file: '文件',
	thinking: '思考内容',
} satisfies Messages['notes']
