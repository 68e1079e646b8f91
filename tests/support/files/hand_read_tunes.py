"""Bars of folk tunes, read from the ABC by a person, note by note, not by a program.

Each entry: the file in music21's corpus, the title, the bars as they are printed there, and what
they say: a note and its length in eighth notes, "z" for a rest. Accidentals hold to the bar's end.
"""

RYAN, ONEILL, AIRD, ESSEN = "ryansMammoth/", "oneills1850/", "airdsAirs/", "essenFolksong/"

OPENINGS = [  # from the first note on
    (
        RYAN + "AcrobatsHornpipe.abc",
        "ACROBAT'S -- HORNPIPE",
        "uF>E | D>FB>c d>Bg>f | ((3ecA) ((3ecA) a3g | f>=e_e>c A>ag>f |",
        "F4 3/2, Eb4 1/2, D4 3/2, F4 1/2, Bb4 3/2, C5 1/2, D5 3/2, Bb4 1/2, G5 3/2, F5 1/2, "
        "Eb5 2/3, C5 2/3, A4 2/3, Eb5 2/3, C5 2/3, A4 2/3, A5 3, G5 1, "
        "F5 3/2, E5 1/2, Eb5 3/2, C5 1/2, A4 3/2, A5 1/2, G5 3/2, F5 1/2",
    ),
    (
        RYAN + "ColumbiaHornpipe.abc",
        "Columbia -- Hornpipe",
        "vA>BA>^G A>BA>G|A>d.f2 d>f.a2|v=g>ag>f e>fe>d|",
        "A4 3/4, B4 1/4, A4 3/4, G#4 1/4, A4 3/4, B4 1/4, A4 3/4, G#4 1/4, "
        "A4 3/4, D5 1/4, F#5 1, D5 3/4, F#5 1/4, A5 1, "
        "G5 3/4, A5 1/4, G5 3/4, F#5 1/4, E5 3/4, F#5 1/4, E5 3/4, D5 1/4",
    ),
    (
        RYAN + "BillyTheKids.abc",
        "Billy, The Kid's",
        'v"1"A,4 "1"^G,4  | z3/2uA,/v(C3/2.E/) u"4"A4  | (B>.A)(G>.B) (A>.c)(e>.a)|',
        "A3 2, G#3 2, z 3/4, A3 1/4, C#4 3/4, E4 1/4, A4 2, "
        "B4 3/4, A4 1/4, G#4 3/4, B4 1/4, A4 3/4, C#5 1/4, E5 3/4, A5 1/4",
    ),
    (
        RYAN + "CrabsInTheSkilletJig.abc",
        "Crabs in the Skillet -- Jig",
        "vG3  (d2.^F)|(G2.A) (B2.c)|ded cBA|dcB AG^F|",
        "G4 3, D5 2, F#4 1, G4 2, A4 1, Bb4 2, C5 1, D5 1, Eb5 1, D5 1, C5 1, Bb4 1, A4 1, "
        "D5 1, C5 1, Bb4 1, A4 1, G4 1, F#4 1",
    ),
    (
        ONEILL + "0001-0050.abc",
        "The Siege of Troy",
        "B/2-c/2 | d>dd cA^F | G>GG (G2A/2B/2) | cAB cAG |",  # the hyphen is a slur
        "Bb4 1/2, C5 1/2, D5 3/2, D5 1/2, D5 1, C5 1, A4 1, F#4 1, "
        "G4 3/2, G4 1/2, G4 1, G4 2, A4 1/2, Bb4 1/2, C5 1, A4 1, Bb4 1, C5 1, A4 1, G4 1",
    ),
    (
        ONEILL + "0101-0200.abc",
        "The Morning Air",
        "D|G2 G (G^FD)|(GA).G (G^F).D|(=FGF) B2 D|F3 (D2 ^F)|",
        "D4 1, G4 2, G4 1, G4 1, F#4 1, D4 1, G4 1, A4 1, G4 1, G4 1, F#4 1, D4 1, "
        "F4 1, G4 1, F4 1, Bb4 2, D4 1, F4 3, D4 2, F#4 1",
    ),
    (
        ONEILL + "0101-0200.abc",
        "Come Back to Erin",
        "G2 c>B c2 ^F>G|B2 A>F A2 G2|",
        "G4 2, C5 3/2, B4 1/2, C5 2, F#4 3/2, G4 1/2, B4 2, A4 3/2, F4 1/2, A4 2, G4 2",
    ),
    (
        ONEILL + "0201-0300.abc",
        "the Old Beggarman",
        r"d \ | A>BA A<AB | (=c>d)c c2e | (dc).B (AB).c |",
        "D5 1, A4 3/2, B4 1/2, A4 1, A4 1/2, A4 3/2, B4 1, C5 3/2, D5 1/2, C5 1, C5 2, E5 1, "
        "D5 1, C#5 1, B4 1, A4 1, B4 1, C#5 1",
    ),
    (
        AIRD + "book1.abc",
        "My Wifes a Wanton wee thing.",
        "f/e/|d2A (B/c/d)A|d3 A2B|=cdc cGE   |=c3 E2 f/e/|",
        "F#5 1/2, E5 1/2, D5 2, A4 1, B4 1/2, C#5 1/2, D5 1, A4 1, D5 3, A4 2, B4 1, "
        "C5 1, D5 1, C5 1, C5 1, G4 1, E4 1, C5 3, E4 2, F#5 1/2, E5 1/2",
    ),
]

INSIDE = [  # somewhere in the tune
    (
        RYAN + "BanishMisfortune.abc",
        "BAG OF MEAL, THE",
        "|d2 =c cdc|efg gfe|",
        "D5 2, C5 1, C5 1, D5 1, C5 1, E5 1, F#5 1, G5 1, G5 1, F#5 1, E5 1",
    ),
    (
        RYAN + "BobTaylorsClog.abc",
        "Bob Taylor's -- Clog",
        '| d>c=B>c "4"e>dB>G | F2a2f2 :|',
        "D5 3/4, C5 1/4, B4 3/4, C5 1/4, E5 3/4, D5 1/4, B4 3/4, G4 1/4, F4 1, A5 1, F5 1",
    ),
    (
        RYAN + "CampMeetingJigNo2.abc",
        "CAMP-MEETING -- JIG No.2.",
        "| (=G>.=g) (3ggg BgAg |",
        "G4 3/2, G5 1/2, G5 2/3, G5 2/3, G5 2/3, B4 1, G5 1, A4 1, G5 1",
    ),
    (
        RYAN + "GladiatorReel.abc",
        "Gladiat:or -- Reel",
        "d2(^cd) Bd^cB | AFGA B^cde | f2(ef) d2(fe) | dB^c^A B=AFA | d2(^cd) BdcB |",
        "D5 1, C#5 1/2, D5 1/2, B4 1/2, D5 1/2, C#5 1/2, B4 1/2, "
        "A4 1/2, F#4 1/2, G4 1/2, A4 1/2, B4 1/2, C#5 1/2, D5 1/2, E5 1/2, "
        "F#5 1, E5 1/2, F#5 1/2, D5 1, F#5 1/2, E5 1/2, "
        "D5 1/2, B4 1/2, C#5 1/2, A#4 1/2, B4 1/2, A4 1/2, F#4 1/2, A4 1/2, "
        "D5 1, C#5 1/2, D5 1/2, B4 1/2, D5 1/2, C#5 1/2, B4 1/2",
    ),
    (
        RYAN + "GladiatorReel.abc",
        "Gladiat:or -- Reel",
        "f2(ef) dkf2e |1 dB^c^A B2:|2 dB^c^A B=cB=A |]",  # only the last ending is played
        "F#5 1, E5 1/2, F#5 1/2, D5 1/2, F#5 1, E5 1/2, "
        "D5 1/2, B4 1/2, C#5 1/2, A#4 1/2, B4 1/2, C5 1/2, B4 1/2, A4 1/2",
    ),
    (
        RYAN + "HiawathaHornpipe.abc",
        "Hiawat:ha -- Hornpipe",
        "|^f(Ac)f (=f=e)_ec|",
        "F#5 1, A4 1, C5 1, F#5 1, F5 1, E5 1, Eb5 1, C5 1",
    ),
    (
        RYAN + "HowardReel.abc",
        "HOWARD -- REEL.",
        "B2 ((3dcB) d>fb>a|((3gag) ((3fe^d) ((3efe) ((3=dcB)|",
        "B4 2, D5 2/3, C#5 2/3, B4 2/3, D5 3/2, F#5 1/2, B5 3/2, A5 1/2, "
        "G#5 2/3, A5 2/3, G#5 2/3, F#5 2/3, E5 2/3, D#5 2/3, "
        "E5 2/3, F#5 2/3, E5 2/3, D5 2/3, C#5 2/3, B4 2/3",
    ),
    (
        RYAN + "AspinwallHornpipe.abc",
        "Aspinwall -- Hornpipe",
        '|c>A((3"4"A"3"^GA) F>A((3AGA)|c>"4"ed>c B>cA>c|',
        "C5 3/4, A4 1/4, A4 1/3, G#4 1/3, A4 1/3, F#4 3/4, A4 1/4, A4 1/3, G#4 1/3, A4 1/3, "
        "C5 3/4, E5 1/4, D5 3/4, C5 1/4, B4 3/4, C5 1/4, A4 3/4, C5 1/4",
    ),
    (
        RYAN + "FillUpTheBowlReel.abc",
        "Fill Up The Bowl -- Reel",
        "|dBAc BGG::d|gagf e2e2|",  # "G:" is no field here
        "D5 1, B4 1, A4 1, C5 1, B4 1, G4 1, G4 1, D5 1, G5 1, A5 1, G5 1, F#5 1, E5 2, E5 2",
    ),
    (
        RYAN + "BuckleysHornpipe.abc",
        "BUCKLEY'S -- HORNPIPE",
        "| f>dB>F D>f=e>g |",
        "F5 3/4, D5 1/4, Bb4 3/4, F4 1/4, D4 3/4, F5 1/4, E5 3/4, G5 1/4",
    ),
    (
        RYAN + "CrabsInTheSkilletJig.abc",
        "Crabs in the Skillet -- Jig",
        "cAc f=ed|1 cAF F=EF:|2 cAF F3 |]vgag gf=e|",
        "C5 1, A4 1, C5 1, F5 1, E5 1, D5 1, C5 1, A4 1, F4 1, F4 3, "
        "G5 1, A5 1, G5 1, G5 1, F5 1, E5 1",
    ),
    (
        RYAN + "TidalWaveJig.abc",
        "Tidal Wave -- Jig",
        "| =3DF>G=3DB>d g>_ag>d | c>=3DBc>d =",  # as electronic mail writes "="
        "F4 3/4, G4 1/4, B4 3/4, D5 1/4, G5 3/4, Ab5 1/4, G5 3/4, D5 1/4, "
        "C5 3/4, B4 1/4, C5 3/4, D5 1/4",
    ),
    (
        ONEILL + "0001-0050.abc",
        "The Siege of Troy",
        "d=Bc dBc | d=e^f ~(g2 d/2=e/2) |",
        "D5 1, B4 1, C5 1, D5 1, B4 1, C5 1, D5 1, E5 1, F#5 1, G5 2, D5 1/2, E5 1/2",
    ),
    (
        ONEILL + "0001-0050.abc",
        "Fare You Well",
        "{e}=f4 e3-c | d3-c A3-G |",
        "F5 2, E5 3/2, C#5 1/2, D5 3/2, C#5 1/2, A4 3/2, G4 1/2",
    ),
    (
        ONEILL + "0051-0100.abc",
        "THE PARTING GLASS",
        "| e2a>f =gf(ed) | c2A2 G2(e>d) |",
        "E5 2, A5 3/2, F#5 1/2, G5 1, F#5 1, E5 1, D5 1, C#5 2, A4 2, G#4 2, E5 3/2, D5 1/2",
    ),
    (
        ONEILL + "0051-0100.abc",
        "THE PARTING GLASS",
        "| (=gf)(ga) (gfed) |",
        "G5 1, F#5 1, G5 1, A5 1, G5 1, F#5 1, E5 1, D5 1",
    ),
    (
        ONEILL + "0101-0200.abc",
        "Come Back to Erin",
        "|A2 d>c (Bc/B/) (A_A)|",
        "A4 2, D5 3/2, C5 1/2, B4 1, C5 1/2, B4 1/2, A4 1, Ab4 1",
    ),
    (
        ONEILL + "0201-0300.abc",
        "The Forlorn Lover",
        "| =f3 g f2 | e4 g2 |",
        "F5 3, G5 1, F5 2, E5 4, G5 2",
    ),
    (
        ONEILL + "0301-0350.abc",
        "WE MET AT THE FAIR",
        "| ede cAF | =G3- G3 (c/d/) | e>AB GFE |",  # this hyphen is a tie
        "E5 1, D5 1, E5 1, C#5 1, A4 1, F#4 1, G4 6, C#5 1/2, D5 1/2, "
        "E5 3/2, A4 1/2, B4 1, G#4 1, F#4 1, E4 1",
    ),
    (
        ONEILL + "0351-0400.abc",
        "Bright Love of My Heart",
        "|FGAB =c2(d/2^c/2B/2c/2)|A>BAG FDGF|",
        "F#4 1, G4 1, A4 1, B4 1, C5 2, D5 1/2, C#5 1/2, B4 1/2, C#5 1/2, "
        "A4 3/2, B4 1/2, A4 1, G4 1, F#4 1, D4 1, G4 1, F#4 1",
    ),
    (
        AIRD + "book2.abc",
        "The High Way to Dublin.",
        "| f2d     gec     |[1 d3 AFD:|[2 d3 d2 ||F|D2E  F2D|",
        "F5 2, D5 1, G5 1, E5 1, C5 1, D5 3, D5 2, F4 1, D4 2, E4 1, F4 2, D4 1",
    ),
    (
        AIRD + "book2.abc",
        "The High Way to Dublin.",
        "|fed  cBA| d2d (^f/g/a).f|   d3 d2 ||",
        "F5 1, E5 1, D5 1, C5 1, B4 1, A4 1, D5 2, D5 1, F#5 1/2, G5 1/2, A5 1, F#5 1, D5 3, D5 2",
    ),
    (
        AIRD + "book4.abc",
        "Bologna's March.",
        "|cAce  a2e2|  (f/a/^g/a/) (g/f/e/d/) c2TB2|A2A>A A2:|",
        "C#5 1, A4 1, C#5 1, E5 1, A5 2, E5 2, F#5 1/2, A5 1/2, G#5 1/2, A5 1/2, "
        "G#5 1/2, F#5 1/2, E5 1/2, D5 1/2, C#5 2, B4 2, A4 2, A4 3/2, A4 1/2, A4 2",
    ),
    (
        AIRD + "book4.abc",
        "Lady Eliza Callander's Favourite.",
        "|faa bd'b|^gfg  a2=g|",
        "F#5 1, A5 1, A5 1, B5 1, D6 1, B5 1, G#5 1, F#5 1, G#5 1, A5 2, G5 1",
    ),
    (
        AIRD + "book5.abc",
        "Rakes of Westmouth,",
        "|ABc dAG FGA|=cBc E2F G2E:|",
        "A4 1, B4 1, C#5 1, D5 1, A4 1, G4 1, F#4 1, G4 1, A4 1, "
        "C5 1, B4 1, C5 1, E4 2, F#4 1, G4 2, E4 1",
    ),
    (
        ESSEN + "han1.abc",
        "Renmin gongshe shizai hao",
        "G2^F2G4 | G3Ac2d2 |",
        "G4 1, F#4 1, G4 2, G4 3/2, A4 1/2, C5 1, D5 1",
    ),
    (
        ESSEN + "han1.abc",
        "Zanmen de ling xiu Mao Zedong",
        "| G2c2_E2F2 | G8",
        "G4 1, C5 1, Eb4 1, F4 1, G4 4",
    ),
    (
        ESSEN + "irl.abc",
        "A Lady Fair, S. 34",
        "| D3E=F2G2A2B2 | =c2d4 eedcAG |",  # one bar over two lines
        "D4 3/2, E4 1/2, F4 1, G4 1, A4 1, B4 1, C5 1, D5 2, "
        "E5 1/2, E5 1/2, D5 1/2, C5 1/2, A4 1/2, G4 1/2",
    ),
]
