"""How the characters of the practice corpus are read: modern Mandarin, tones as numbers.

The lexicon uses each character in one reading only, so that a rhyme is a fact. A test holds the
readings to pypinyin's.
"""

from __future__ import annotations

from functools import cache

_READINGS = """
ai1 哀  ai3 霭  ai4 爱  an4 岸暗  ba1 八  bai2 白  bai3 柏  ban4 半  bang4 傍  bao4 抱  bei3 北
bi4 碧  bian1 边  bian4 遍  bie2 别  bo1 波  bo2 泊薄  bu4 不步  cai3 采  cai4 菜  can2 残
cang1 沧苍  cao3 草  ceng2 层  cha2 茶  chai2 柴  chan2 蝉  chang2 长  chao2 潮  chen2 晨沉
cheng2 城  chi2 池迟  chi4 赤  chong2 虫  chou2 愁  chu1 出初  chu4 处  chuan1 穿  chuan2 船
chuang1 窗  chui1 吹炊  chui2 垂  chun1 春  cui4 翠  cun1 村  da3 打  dan4 但淡  dao4 到道
deng1 灯登  di1 低堤  di2 笛  di4 地  dian3 点  dian4 店  diao4 调钓  die2 蝶  ding4 定
dong1 东冬  dong4 冻动洞  du2 独读  du4 度杜渡  duan3 短  duan4 断  dui4 对  er4 二  fa1 发
fan1 帆  fan2 繁  fang1 方芳  fang3 舫  fang4 放  fei1 扉飞  fen3 粉  feng1 封峰枫蜂风  fu1 夫
fu2 拂浮  fu3 抚  fu4 付覆负  gao1 高  ge1 歌  ge2 隔  gen1 根  gong4 共  gu1 孤  gu3 古谷  gu4 故
guan3 管  guang1 光  gui1 归  gui4 桂  guo3 果  guo4 过  han2 寒  hao3 好  hao4 皓  he2 何合和河荷
he4 鹤  hei1 黑  hen4 恨  heng2 横  hong2 红  hou4 厚后  hu1 忽  hu2 湖蝴  hua1 花  hua4 画
huai2 怀槐  huan3 缓  huan4 浣  huang1 荒  huang2 黄  hui2 回  hun1 昏  ji1 矶积鸡  ji2 急  ji3 几
ji4 寄霁  jia1 佳家  jian1 间  jian4 涧渐见  jiang1 江  jiang3 桨  jiao1 娇  jiao3 皎角  jiao4 叫
jie1 阶  jin1 今金  jin3 紧  jin4 尽近  jing1 惊  jing3 井  jing4 净径静  jiu3 久九酒  jiu4 旧
ju2 菊  ju4 句  juan1 鹃  juan4 倦  jue2 绝觉  kai1 开  kan4 看  ke4 客  kong1 空  kou3 口  ku1 枯
ku3 苦  kuang2 狂  la4 腊  lai2 来  lan2 兰岚栏  lao3 老  leng3 冷  li2 梨离篱  li3 李里  li4 丽立
lian2 帘莲连  liang2 凉  liang3 两  lie4 烈  lin2 林邻  ling2 菱  ling3 岭  liu2 榴流  liu3 柳
liu4 六  long2 笼  lou2 楼  lu2 芦  lu3 橹  lu4 路鹭  luan2 峦  luan4 乱  lun2 轮  luo4 落
lv3 旅缕  lv4 绿  man3 满  mao2 茅  mei2 梅  men2 门  meng4 梦  mi2 迷  mi4 密  mian2 眠
ming2 明茗鸣  mo4 陌  mu4 暮木牧  nan2 南  nao4 闹  nen4 嫩  nian2 年  niao3 鸟  nong2 农浓
nong4 弄  nuan3 暖  nv3 女  ou1 鸥  pang2 旁  pi4 僻  pian4 片  piao1 飘  ping2 凭平萍  pu3 浦
qi1 栖  qi3 起  qian1 千  qian2 前  qian3 浅  qiang2 墙  qiao1 悄  qiao2 桥樵  qin2 琴
qing1 清蜻轻青  qing2 情晴  qiu1 秋  qu1 曲  qu4 去  quan2 泉  qun2 群  ran2 然  ran3 染  rao4 绕
ren2 人  ri4 日  rou2 柔  ru3 乳  ru4 入  rui4 瑞  run4 润  sa3 洒  san1 三  san4 散  sang1 桑
sao3 扫  seng1 僧  sha1 沙  shan1 山  shang4 上尚  shao3 少  shen1 深  sheng1 升声生  shi1 湿诗
shi2 十石  shi4 室  shou1 收  shou3 手首  shou4 瘦  shu1 书疏舒  shu4 数树  shuai1 衰  shuang1 霜
shui2 谁  shui3 水  shui4 睡  shuo4 朔  si1 思  si4 似寺  song1 松  su4 宿素  sui2 随  sui4 岁碎
suo3 锁  ta4 踏  tai2 台苔  tan1 滩  tan2 弹潭  tang2 堂塘  tao2 桃  teng2 藤  ti2 啼  tian1 天
tian2 田  ting1 听  ting2 亭停庭蜓  tong2 桐童  tou2 头  wai4 外  wan1 湾  wan3 晚  wan4 万
wang4 望  wei1 微  wei2 唯  wei4 未  wen1 温  wen2 闻  wen3 稳  wen4 问  weng1 翁  wo4 卧  wu1 屋
wu2 无梧  wu3 舞  wu4 雾  xi1 夕曦溪稀西  xi3 洗  xi4 细  xia4 下夏  xian1 掀  xian2 闲
xiang1 乡香  xiang3 响  xiang4 向巷  xiao1 消  xiao3 小晓  xiao4 笑  xie1 歇  xie2 携斜  xie3 写
xie4 谢  xin1 心新  xin4 信  xing1 星  xing2 行  xing4 杏  xiu1 修  xu4 旭  xue3 雪  xun2 寻
ya1 压鸦鸭  ya2 崖涯芽  yan1 烟  yan2 岩檐  yan3 掩  yan4 燕艳雁  yang2 杨阳  yao1 腰  yao2 摇瑶遥
ye3 野  ye4 叶夜  yi1 一依  yi2 移  yi3 倚已  yi4 意  yin2 吟银  yin3 隐饮  ying1 莺  ying2 萤
ying4 映  you1 幽悠  you2 游犹  you3 友有  you4 又  yu2 余渔  yu3 语雨  yu4 欲玉  yuan2 园圆猿
yuan3 远  yuan4 院  yue4 月  yun2 云  zai4 在  zao3 早  zhai2 宅  zhan3 展  zhang4 杖  zhao4 照罩
zhe1 遮  zhe2 折  zhe3 者  zhen1 砧  zhen3 枕  zheng1 征  zheng4 正  zhi1 枝知  zhi4 稚至
zhong1 中钟  zhong4 众  zhou1 洲舟  zhou4 骤  zhu1 珠  zhu2 竹逐  zhu3 主煮  zhu4 住  zhui4 坠
zhuo2 浊  zi3 子  zi4 自  zui4 醉  zuo4 坐
"""


@cache
def readings() -> dict[str, str]:
    """The reading of each character.

    >>> readings()["月"]
    'yue4'
    """
    cells = _READINGS.split()
    return {
        character: reading
        for reading, characters in zip(cells[::2], cells[1::2], strict=True)
        for character in characters
    }
