"""Words of the practice corpus for times, places and what is there; see practice_lexicon.py."""

from __future__ import annotations

NATURE = """
when spring | 春来 春深 二月 三月 春暖
when spring dawn | 春晓
when spring day | 春日
when spring night | 春夜
when summer | 夏来 夏深 六月
when summer day | 夏日 日长
when summer night | 夏夜
when autumn | 秋来 秋深 九月 八月
when autumn dawn | 秋晓
when autumn day | 秋日
when autumn night | 秋夜
when winter | 冬来 岁晚 岁寒 腊月 冬深
when winter night | 冬夜
when winter day | 冬日
when dawn | 清晨 天明 拂晓 晨起
when dusk | 日暮 黄昏 向晚 天晚
when dusk fair | 日落 日斜
when night | 夜半 夜深 今夜 夜静 夜久
when night fair | 月上 月出 月明
when rain | 雨后 雨歇 雨过 雨中 雨余
when snow | 雪后 雪中 雪霁
when fair | 风定 天晴 云开
when dawn fair | 日出

place hill | 山中 山前 山下 林中 林间 林下 岭上 峰前 谷中 石上 岩前 松下 松间 竹间 寺前
place hill | 洞口 崖边 涧边
place water | 江上 江边 江头 湖上 湖边 溪边 溪上 池边 水边 桥边 桥头 岸边 舟中 船头 滩头
place water | 沙上 渡口 洲边 浦口 堤上
place home | 门前 窗前 楼上 楼前 庭前 庭中 院中 篱边 屋后 墙头 村边 村前 田间 巷口 阶前
place home | 井边 园中 亭中 檐前 帘外
place home night | 灯下 灯前 枕上
place | 天边 城外 路旁 陌上 野外
place spring | 花下 花间
place night fair | 月下

moon fair night | 孤月 新月 皓月 素月 淡月 圆月 明月
moon fair night autumn | 凉月 秋月
moon fair night winter | 冷月 寒月
moon fair night spring | 春月
moon fair dawn | 残月 晓月 斜月
moon1 fair night dawn | 月
moon.is fair night | 明 圆 高 清 孤 白 淡 小 皎
moon.is fair night autumn winter | 寒 冷
moon.is fair dawn | 残 斜 低 淡 白
moon.goes fair night | 升 来 出 上
moon.goes fair dawn | 沉 落 去
moon.does fair night dawn | 照 映 满 入 过 上
moon.many fair night dawn | 一轮 半轮 万里

sun fair dusk | 夕阳 斜阳 落日 残阳 落照 晚照
sun fair dawn | 晨光 旭日 晓日 晨曦
sun fair day | 白日 晴日 丽日 晴光
sun1 fair dawn day dusk | 日
sun.is fair dusk | 斜 红 低 残 淡 晚
sun.is fair dawn | 红 新 清 冷 淡
sun.is fair day | 高 迟 长 暖
sun.goes fair dusk | 沉 收 落 下 去
sun.goes fair dawn | 升 来 生 出 上 起
sun.does fair dawn day dusk | 照 映 染 过 入 满
sun.many fair dawn day dusk | 万里 十里 一片
sun.many fair dawn day dusk hill | 半山

star fair night | 疏星 寒星 星河 银河 繁星 众星
star1 fair night | 星
star.is fair night | 稀 疏 明 低 横 冷 淡 远 小
star.goes fair night | 沉 垂 移 动 落 出
star.does fair night | 照 映 满 入 下
star.many fair night | 几点 满天 万点

cloud fair dawn day | 白云 闲云 浮云 轻云 孤云
cloud dusk | 暮云 晚云
cloud dawn | 晓云
cloud hill | 山云 岭云
cloud water | 江云 水云
cloud autumn winter | 寒云 冻云
cloud rain | 湿云 黑云
cloud1 | 云
cloud.is | 低 轻 闲 平 浓 淡 暗 远
cloud.goes | 飞 浮 归 生 垂 开 散 起 断 去
cloud.does | 绕 锁 隐 笼 过 入 抱 出
cloud.many | 一片 万里 几片 千里

wind | 清风 微风
wind dusk | 晚风 暮风
wind dawn | 晓风 晨风
wind night | 夜风
wind spring | 春风 东风 和风 柔风
wind summer | 南风
wind summer autumn | 凉风
wind autumn | 秋风 西风 金风
wind winter | 北风 寒风 朔风
wind hill | 山风 林风
wind water | 江风 湖风
wind1 | 风
wind.is spring | 轻 柔 微 暖
wind.is summer | 轻 清 凉 微 静 细
wind.is autumn | 清 凉 寒 高 冷 急 紧
wind.is winter | 寒 狂 高 急 冷 烈
wind.goes | 来 生 回 起 定 过 住
wind.does | 吹 过 入 满 动 拂
wind.many | 一夜 万里 十里 几度

rain rain | 细雨 微雨 疏雨 轻雨
rain rain spring | 春雨 烟雨 杏雨
rain rain summer | 骤雨 梅雨
rain rain autumn | 秋雨 寒雨
rain rain night | 夜雨
rain rain dusk | 暮雨
rain rain dawn | 晓雨
rain rain hill | 山雨
rain rain water | 江雨
rain1 rain | 雨
rain.is rain | 稀 疏 微 细 密 急 轻 暗
rain.is rain autumn | 凉 寒 冷
rain.goes rain | 飞 收 来 停 晴 歇 落 至 住 下
rain.does rain | 洒 湿 过 入 满 洗 润
rain.many rain | 一夜 几点 千里 十里

snow snow | 飞雪 白雪 残雪 积雪 细雪 瑞雪 轻雪
snow snow night | 夜雪
snow snow dusk | 暮雪
snow snow hill | 山雪
snow snow water | 江雪
snow1 snow | 雪
snow.is snow | 寒 深 轻 明 残 白 冷 厚 细 净
snow.goes snow | 飞 消 停 来 晴 落 积 下 舞 住
snow.does snow | 满 覆 压 落 入 洒 封
snow.many snow | 一夜 万里 千里 几片

mist | 轻烟 寒烟 野烟 淡烟
mist dawn | 晓烟 晓雾 晨雾
mist dusk | 暮烟 暮霭
mist night | 夜雾
mist hill fair | 晴岚 翠岚
mist home | 炊烟 村烟
mist water | 江烟 湖烟
mist1 | 烟 雾
mist.is | 轻 浓 迷 低 微 淡 暗 远 细
mist.goes | 浮 生 收 消 横 起 散 合 去
mist.does | 绕 锁 笼 隐 过 入 满 罩
mist.many | 一缕 几处 十里 一片

hill hill water | 青山 远山 群山 孤峰 高峰 远岭 云山 乱山 翠岭 千峰
hill hill | 空山 层峦 苍崖 幽谷
hill spring hill water | 春山
hill autumn hill water | 秋山
hill winter hill water | 寒山
hill home | 远山 青山 云山
hill1 hill water home | 山 峰
hill.is hill water home | 青 高 空 幽 遥 苍 横 静 远 暗 翠 近
hill.is autumn winter | 寒 瘦 冷
hill.does hill water home | 绕 抱 隔 映 隐
hill.many | 万里 千里 几点

water water | 碧水 湖水 江水 长河 绿水 晚潮 湖光
water spring water | 春水 春江 春潮
water autumn water | 秋水 秋江
water winter water | 寒江 冻河
water hill | 山泉 飞泉 清泉 寒潭 深涧 幽涧
water hill home water | 清溪 溪水 小溪 流水
water home | 池水
water1 water hill home | 水 溪
water1 hill | 泉
water1 water | 江 潮
water.is | 清 平 深 长 遥 静 远 浅 碧 净
water.is spring summer | 新 绿 满
water.is autumn winter | 寒 凉 冷 瘦
water.goes | 流 回 来 鸣 去
water.goes water | 生 落 下
water.does | 绕 过 入 抱 穿 出
water.many | 一湾 一道 十里 万里

flower spring | 桃花 杏花 梨花 李花 兰花
flower summer | 荷花 榴花 白莲 红莲
flower autumn | 菊花 桂花 芦花 黄花
flower winter | 梅花 寒梅 腊梅 疏梅
flower spring summer autumn | 野花 闲花 幽花
flower1 spring summer autumn | 花
flower1 spring | 桃 杏 兰
flower1 summer | 莲 荷
flower1 autumn | 菊 桂
flower1 winter | 梅
flower.is | 红 香 新 繁 稀 娇 白 艳 静 淡 冷 好
flower.goes | 开 飞 残 落 发 谢 放
flower.does | 映 满 绕 照 覆 落
flower.many | 几枝 一枝 几树 满树 一树

tree spring | 杨柳 垂柳 新柳 绿柳 翠柳
tree1 spring | 柳
tree summer autumn | 古槐 梧桐
tree1 autumn summer | 桐 槐
tree hill | 古松 长松 孤松 青松 老松 松林 古柏
tree home hill | 翠竹 修竹 疏竹 新竹
tree winter hill | 寒松 枯藤 寒林
tree autumn winter | 寒枝 枯木 疏林
tree water summer | 绿杨 古柳
tree1 hill | 松 柏 藤
tree1 home hill | 竹
tree1 hill water home | 树
tree.is spring summer | 青 新 深 浓 绿 翠 密 暗 静
tree.is autumn winter | 疏 稀 寒 枯 苍 高 老 冷 静
tree.goes | 摇 垂 鸣 动 响
tree.does | 映 绕 拂 遮 覆 掩 满
tree.many | 几树 十里
tree.many water | 两岸

grass spring | 芳草 春草 细草 新草
grass summer | 绿草 浮萍 新荷 青草
grass autumn | 秋草 枯荷 白草 衰草
grass winter | 寒草 枯草
grass home hill | 青苔 苍苔
grass1 | 草
grass1 home hill | 苔
grass.is spring summer | 青 深 新 浓 长 绿 密 翠 细
grass.is autumn winter | 黄 稀 寒 枯 残 短 冷 白 老
grass.goes | 生 长 连 发 满 动
grass.does | 满 绕 覆 连 映 掩
grass.many | 满地 遍地 千里 一片

leaf autumn | 红叶 黄叶 落叶 霜叶 秋叶 枫叶
leaf winter | 枯叶 残叶 落叶 寒叶
leaf spring summer | 新叶 绿叶 嫩叶
leaf1 | 叶
leaf.is autumn | 红 黄 稀 残 疏 赤 老
leaf.is winter | 稀 残 疏 枯 少 冷
leaf.is spring summer | 新 青 浓 繁 绿 嫩 密 翠
leaf.goes autumn winter | 飞 飘 鸣 落 尽 响 下 坠
leaf.goes spring summer | 生 摇 舒 动 展 满
leaf.does autumn winter | 满 落 覆 入 下
leaf.does autumn winter home | 打
leaf.does spring summer | 满 遮 覆 映 拂 掩
leaf.many | 几片 满地 满树 千片

bird spring | 燕子 新燕 黄莺 流莺 杜鹃 乳燕 早莺
bird autumn | 孤雁 归雁 飞雁 南雁 征雁
bird winter autumn | 寒鸦 孤鹤
bird dusk | 暮鸦 归鸟 归鸦
bird night | 宿鸟 栖鸟 惊鸟
bird dawn day | 飞鸟 鸣鸟
bird hill | 山鸟 野鹤 幽鸟 白鹤
bird water | 水鸟 白鹭 沙鸥 白鸥 野鸭
bird home dawn | 村鸡 晨鸡
bird1 | 鸟
bird1 spring | 燕 莺 鹃
bird1 autumn | 雁
bird1 winter autumn | 鸦
bird1 water | 鸥 鹭
bird1 hill | 鹤
bird.is | 闲 稀 静 倦 孤
bird.goes | 飞 啼 鸣 归 来 回 栖 去 宿 语 过 下 叫
bird.does | 过 入 度 下 绕 出 穿 向
bird.many | 几点 几处 何处

insect summer | 鸣蝉 高蝉 夏虫 蜻蜓
insect summer night | 流萤
insect autumn | 寒蝉 秋虫 草虫
insect autumn night | 寒萤
insect spring | 蝴蝶 粉蝶 野蝶 游蜂
insect1 summer autumn | 蝉 虫
insect1 summer night | 萤
insect1 spring | 蝶 蜂
insect.is | 稀 闲 闹 静 小 乱
insect.goes summer autumn | 鸣 吟 飞 来 歇 语 静
insect.goes spring | 飞 来 回 去 舞 过
insect.does | 绕 入 过 出 穿 满
insect.many | 几处 何处

spot hill | 空山 远峰 深林 幽谷 苍崖 松林 山门 层峦 小径 石径 古寺 寒林 翠微 孤峰 荒径
spot hill | 石台 山腰 茅檐 前峰 远岭 石室 柴扉 野径 青崖 岩扉 洞天 古台
spot water | 寒江 长堤 小桥 沙洲 前溪 水湾 平湖 长河 渡头 江村 碧波 清波 沧洲
spot water | 石矶 远岸 浅水 野渡 沙头 江亭 曲岸 芦洲 平沙 古渡 钓台 浅滩 横塘 莲塘
spot home | 西楼 小窗 柴门 东篱 空庭 石阶 竹门 小园 短墙 画檐 珠帘 空阶 茅檐 后院 曲巷
spot home | 旧宅 北窗 南窗 疏篱 井栏 古井 邻家 人家 西墙 菜园 竹篱 小院 短檐 画堂
spot | 长亭 古道 荒城 天涯 远村 平野 高台 孤城 长路 天边 旧路
"""
