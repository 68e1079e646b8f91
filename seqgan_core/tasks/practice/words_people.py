"""Words of the practice corpus for people, what they do and make; see practice_lexicon.py."""

from __future__ import annotations

PEOPLE = """
person water | 渔翁 渔夫 渔人 浣女 舟子
person hill | 樵夫 樵翁 樵客 山僧 老僧 道人 隐者 野人
person home | 牧童 农人 老农 村童 邻翁 主人 稚子 村翁
person | 游子 故人 行人 旅人 归客 远客 诗人 书生 老翁 佳人 友人 幽人 孤客
who | 何人 有客 无人 谁人 有人
person1 | 人 客
person1 hill | 僧
person.is | 闲 愁 孤 稀 老 倦 静 少 瘦
person.goes | 归 行 眠 来 回 歌 吟 游 坐 醉 睡 去 至 笑 立 卧 望 起
person.does | 过 入 出 归 到 上 向

boat water | 孤舟 小舟 轻舟 归舟 渔舟 客舟 归帆 远帆 孤帆 渔船 小船 画舫
boat1 water | 舟 帆 船
boat.is water | 轻 孤 遥 斜 闲 远 小 少 稳 近
boat.goes water | 行 横 归 回 移 来 飘 停 去 过 泊 渡 下 至
boat.does water | 过 泊 入 下 出 傍 向 到
boat.many water | 一叶 几点 何处 数点

house hill | 古寺 山寺 茅屋 柴门 草堂 小亭 山门
house water | 孤村 小村 渔村 石桥 小桥 水亭 江楼 江亭
house home | 柴门 小楼 高楼 小院 酒家 旧宅 茅屋 草堂 野店 空院 深巷
house1 hill home | 门 屋
house1 home water | 楼 村
house.is | 深 幽 高 低 孤 空 寒 荒 闲 静 冷 远 小 古 近 旧 僻

sound hill | 松声 泉声 猿声
sound hill dawn dusk night | 钟声
sound water | 水声 潮声 橹声 渔歌 桨声
sound home | 琴声 书声 歌声 人声 砧声
sound rain | 雨声
sound | 笛声 风声
sound home hill | 竹声 鸟声
sound spring | 莺声
sound summer | 蝉声
sound autumn | 虫声 雁声
sound home dawn | 鸡声
sound dusk night | 晚笛 暮笛
sound1 hill | 钟 猿
sound1 water home | 笛 歌 琴
sound.is | 清 幽 长 残 悠 遥 哀 低 高 稀 远 冷 近 碎 急 细 缓
sound.goes | 来 沉 飞 停 回 断 歇 起 绝 过 定 散
sound.does | 过 入 出 到 满 绕 隔 穿
sound.many | 几处 一缕 何处 几度

heart | 归心 客心 乡心 闲心 诗情 离愁 乡愁 旧梦 客梦 幽怀 别恨 远意 闲思
heart.is | 长 深 孤 遥 浓 清 幽 空 远 乱 淡 苦
heart.goes | 生 来 飞 消 归 起 断 尽 去 歇
lend | 随 逐 寄 付 似 共

sit | 独坐 闲坐 静坐 对坐
stand | 独立 醉卧 倚杖 倚石 回首 闲卧 久立
stand home | 倚门 开窗 掀帘 凭栏
stand water | 倚舟 停舟 倚桥
stand hill | 倚松 登山 登台
walk | 独行 闲行 闲步 缓步 携酒 携琴 负手
walk fair night | 踏月
look | 看 望 对 爱
listen | 听 闻
lean | 倚 近
lean.it home | 柴门 短墙 北窗 南窗 竹门 小窗 疏篱 西楼 画檐 井栏 西墙
lean.it hill | 古松 石台 柴扉 山门 松根
lean.it water | 小桥 孤舟 石矶 钓台 江亭
drink | 饮 煮 温
drink.it | 新茶 清茶 苦茶 浊酒 新酒 村酒 薄酒 香茗
read | 读 寻
read.it | 古书 旧诗 新诗 旧书 家书 旧信
write | 写 寄 吟
write.it | 新诗 小诗 短句 旧句 家书
play | 弹 抚
play.it | 古琴 素琴 瑶琴 古调
blow | 吹 弄
blow.it | 短笛 长笛 玉笛 竹笛 芦管
sweep | 扫 踏
sweep.it spring | 落花 落红 芳草
sweep.it autumn | 落叶 黄叶 霜叶 红叶
sweep.it winter | 残雪 积雪 枯叶
sweep.it home hill | 青苔 石径
pick | 采 寻
pick.it spring | 桑叶 兰芽 芳草 香草
pick.it summer | 莲子 荷叶 青梅 菱角 红莲
pick.it autumn | 菊花 芦花 黄菊 秋果
pick.it winter | 疏梅 寒梅 枯枝
break | 折 问
break.it spring | 桃枝 柳枝 杏花
break.it summer | 荷花 榴花 新荷
break.it autumn | 桂枝 黄花 秋菊
break.it winter | 梅枝 梅花 寒枝

see | 唯见 但见 坐看 遥望 卧看 闲看 忽见 又见 回望 不见 忽觉 不觉 不知
hear | 卧听 唯闻 忽闻 静听 遥闻 坐听 又闻 犹闻 不闻 但闻
slow | 渐渐 依旧 静静 悄悄 依然
alone | 独自 自在 缓缓
everywhere | 处处 年年
still | 自 又 已 正 渐 犹 尚
single | 独
yet | 欲 未 初 忽 方
"""
