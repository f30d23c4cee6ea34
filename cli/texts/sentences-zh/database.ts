/** What goes wrong with a database, and what changes of the configuration it refuses. */
export const databaseSentences = {
	'check TURSO_DATABASE_URL and the network': '请检查 TURSO_DATABASE_URL 和网络',
	'The database {0} is damaged ({1}). Put it aside and restore an export, or start with a new one.':
		'数据库 {0} 已损坏（{1}）。请移开它并恢复一份导出，或新建一个。',
	'The database {0} is closed.': '数据库 {0} 已关闭。',
	"The database {0} is a server's: it frees the space of deleted rows itself.":
		'数据库 {0} 在服务器上：它会自行回收已删除数据的空间。',
	'The database {0} is gone: its file was deleted or moved away. Put it back, or put a copy in its place, with nothing of the old one beside it (-wal, -shm).':
		'数据库 {0} 不见了：文件已被删除或移走。请放回原处，或放入一份副本，旁边不要留下旧文件（-wal、-shm）。',
	'The database {0} was emptied and filled again while it was in use. Restart claude-proxy, or put a copy of the file in its place with mv.':
		'数据库 {0} 在使用中被清空并重新写入。请重启 claude-proxy，或用 mv 放入一份副本。',
	'The database {0} is locked by another process; close what holds it, or try again.':
		'数据库 {0} 被其他进程锁定；请关闭占用它的程序，或重试。',
	'The database {0} refuses to be written. A file needs write permission for itself and its folder; a hosted database may have used up its quota.':
		'数据库 {0} 拒绝写入。文件及其文件夹都需要写权限；托管的数据库可能已用完配额。',
	'The database {0} is damaged or is not a database. Put it aside and restore an export, or start with a new one.':
		'数据库 {0} 已损坏，或不是数据库。请移开它并恢复一份导出，或新建一个。',
	'The database {0} cannot be opened or written: check that its folder exists, belongs to you and has space left.':
		'无法打开或写入数据库 {0}：请检查文件夹是否存在、是否属于你、是否还有空间。',
	'The database {0} lacks tables that this version needs; run: npm run db:migrate':
		'数据库 {0} 缺少本版本需要的表；请运行：npm run db:migrate',
	'The database {0} refuses the token; check TURSO_AUTH_TOKEN.':
		'数据库 {0} 拒绝了令牌；请检查 TURSO_AUTH_TOKEN。',
	'The database {0} has been closed.': '数据库 {0} 已关闭。',
	'The database {0} refused a row that breaks one of its rules.': '数据库 {0} 拒绝了违反其规则的数据。',
	'The database {0} cannot be reached ({1}).': '无法连接数据库 {0}（{1}）。',
	'no answer in time': '没有及时回应',
	'network error': '网络错误',
	'The database {0} answered with an error ({1}).': '数据库 {0} 返回错误（{1}）。',
	'TURSO_DATABASE_URL must name a file: file:data/claude-proxy.db':
		'TURSO_DATABASE_URL 必须指定文件：file:data/claude-proxy.db',
	'TURSO_DATABASE_URL must start with file:, libsql:, https: or http:, for example file:data/claude-proxy.db':
		'TURSO_DATABASE_URL 必须以 file:、libsql:、https: 或 http: 开头，例如 file:data/claude-proxy.db',
	'The database {0} is an empty file: something has emptied it. Move what lies beside it (-wal, -shm) away, then put a copy in its place with mv; or move the file away as well to begin anew.':
		'数据库 {0} 是空文件：它被清空了。请移走旁边的文件（-wal、-shm），再用 mv 放入一份副本；或把该文件也移走，重新开始。',
	'The database {0} is gone, but its journal {1}-wal is there. Put the file back in its place, or move the journal and {2}-shm away to use a copy or begin anew.':
		'数据库 {0} 不见了，但日志 {1}-wal 还在。请把文件放回原处；要使用副本或重新开始，请移走日志和 {2}-shm。',
	'The database {0} cannot be used: {1} is not usable ({2}). Choose another place with TURSO_DATABASE_URL.':
		'无法使用数据库 {0}：{1} 不可用（{2}）。请用 TURSO_DATABASE_URL 换一个位置。',
	'TURSO_DATABASE_URL has a % that starts no escape; write %25':
		'TURSO_DATABASE_URL 中的 % 不是转义；请写作 %25',
	"The database {0} was made by another build: its migration {1} ({2}) differs from this one's. Use the claude-proxy that made it, or a new database.":
		'数据库 {0} 由另一个构建生成：迁移 {1}（{2}）与本构建不同。请使用生成它的 claude-proxy，或新建数据库。',
	'The database {0} belongs to a newer claude-proxy: update this one before changing the configuration.':
		'数据库 {0} 属于更新版本的 claude-proxy：请先升级，再修改配置。',
	'The database {0} went away while the change was being saved: it may have been made. Look at the configuration before repeating it.':
		'保存改动时数据库 {0} 断开：改动可能已生效。请先查看配置，再决定是否重复。',
	'The configuration has changed since revision {0}: look at it again, then repeat the change.':
		'第 {0} 版之后配置有改动：请重新查看，再重复这次改动。',
	'The configuration has changed since revision {0} (it is at {1}): look at it again, then repeat the change.':
		'第 {0} 版之后配置有改动（现在是第 {1} 版）：请重新查看，再重复这次改动。',
	'There is no revision {0}: the configuration is at {1}. Look at it again, then repeat the change.':
		'没有第 {0} 版：配置现在是第 {1} 版。请重新查看，再重复这次改动。',
	'Set the strategy to {0}': '策略改为 {0}',
	'Changed {0}': '修改了 {0}',
	'Imported {0}: {1}': '导入了 {0}：{1}',
	'Purged key {0} of {1}': '彻底清除了 {1} 的密钥 {0}',
	'{0}: taken out of use, and out of {1}': '{0}：已从配置和 {1} 中清除',
	'{0}: taken out of {1}': '{0}：已从 {1} 中清除',
	'you wanted': '你想要的改动',
	'what cannot be done any more, or is done already': '已无法进行，或已经完成',
	'since revision {0}': '第 {0} 版之后',
	'since revision {0}, as far as it is known': '第 {0} 版之后（已知部分）',
	'nothing that is kept in the history': '历史中没有保留的内容',
	'The database {0} has lost its contents or was never set up; run: npm run db:migrate, and restore an export if you have one.':
		'数据库 {0} 内容丢失，或从未初始化；请运行 npm run db:migrate，如有导出请恢复。',
	'The database {0} has lost its contents; the configuration read before serves on until this process ends. Restore an export, or add an upstream to begin anew.':
		'数据库 {0} 内容丢失；本进程结束前仍使用之前读到的配置。请恢复一份导出，或添加渠道重新开始。',
	'Key {0} was not demoted, or so long ago that it is forgotten.':
		'密钥 {0} 没有被后移，或时间太久已无记录。',
	'There is no key {0}.': '没有密钥 {0}。',
	'Revision {0} is not there: it never was, or is older than the ones that are kept.':
		'没有第 {0} 版：它不曾存在，或早于保留的版本。',
	'There is no such key, neither in use nor in any revision that is kept.':
		'没有这个密钥：既未在使用，也不在保留的任何版本中。',
	'Revision {0} is not there any more.': '第 {0} 版已不存在。',
	'Revision {0} was made by a newer claude-proxy: update this one to look into it.':
		'第 {0} 版由更新版本的 claude-proxy 生成：升级后才能查看。',
	'Upstream {0} has no key {1}.': '渠道 {0} 没有密钥 {1}。',
	'There is no upstream {0}.': '没有渠道 {0}。',
	'An upstream named {0} exists already; choose another name or change that one.':
		'名为 {0} 的渠道已存在；请换一个名称，或修改它。',
	'{0} revisions are pinned: let one of them go first.': '已固定 {0} 个版本：请先取消固定其中一个。',
	'before: must be the `next` of an earlier page': 'before：必须是前一页给出的 `next`',
	'message: must not be empty': 'message：不能为空',
	'message: at most 200 characters': 'message：最多 200 个字符',
	'There is no such webhook.': '没有这个 webhook。',
	'There are {0} webhooks already: remove one first.': '已有 {0} 个 webhook：请先删除一个。',
	'This webhook cannot be opened: give its url and secret anew.':
		'无法解开这个 webhook：请重新填写它的 URL 和签名密钥。',
	'ENCRYPTION_KEY cannot be used: {0}. Write id:base64 with 32 random bytes (several separated by commas, current first), or one random text without a colon.':
		'无法使用 ENCRYPTION_KEY：{0}。请写作 id:base64（32 个随机字节；多个用逗号分隔，当前的在最前），或一段不含冒号的随机文字。',
	'format: the original’s format has its keys in plain text, and nothing else':
		'format：原系统的格式只有明文密钥',
	'passphrase: is needed to seal an export': 'passphrase：加密导出需要口令',
	'passphrase: must have {0} to {1} characters': 'passphrase：必须有 {0} 到 {1} 个字符',
	'passphrase: must have {0} characters': 'passphrase：必须有 {0} 个字符',
}
