"""What the safety screen finds, said in the plain ways in which people say it; each sentence written for this test."""

from __future__ import annotations

from functools import cache

from voice_coach import catalog_files
from voice_coach.understand.safety import Screen, screen_of
from voice_coach.words import Expects

SUICIDE = (
    "i'm gonna do it tonight i'm gonna kill myself", "i have been thinking of ending it for weeks",
    "i've been thinking about taking my life", "i have a gun next to me right now", "i have the pills ready",
    "i've got a rope and i know where i'd do it", "i should've died that night", "i tried to overdose last year",
    "i overdosed when i was fifteen", "i took thirty pills and woke up in hospital",
    "i was in the psych ward for trying to kill myself", "my third attempt landed me in the icu",
    "i just want to stop existing", "death seems like the only option", "i can't stop thinking about dying",
    "i think about death all day long", "i fantasize about being dead", "i've planned how i'd do it",
    "i've written a note to my family", "i've already picked a date", "i'm too much of a coward to kill myself",
    "i wish i had the guts to end it", "i wish i had the courage to pull the trigger",
    "i don't have the balls to kill myself", "i keep a razor in case i want to slit my wrists",
    "i want to slit my throat", "i want to blow my brains out", "i want to put a gun in my mouth",
    "i want to jump off a building", "i think about driving my car into a wall every day",
    "i think about crashing my car", "every time i drive i want to swerve into traffic", "i wanna hang myself so bad",
    "i'm thinking of hanging myself in my closet", "i tied a noose last night",
    "i put a belt around my neck yesterday", "i've been googling painless ways to die",
    "what's the fastest way to die", "how many sleeping pills does it take to die",
    "is there a painless way to kill yourself", "i want to take all my pills and go to sleep",
    "i want to swallow every pill in this house", "i swallowed a bottle of tylenol",
    "i'm going to jump in front of a train", "i stood on the bridge thinking about jumping",
    "i almost jumped off a bridge last week", "i nearly killed myself in march", "i came close to killing myself",
    "i'm on the verge of suicide", "i'm having suicidal thoughts again", "my suicidal thoughts are getting worse",
    "i've been suicidal for years", "i feel suicidal all the time", "i am considering suicide",
    "i'm contemplating suicide", "i attempted suicide twice", "i survived my suicide attempt and i regret it",
    "i wish my attempt had worked", "i wish i would have died", "i wish i wasn't alive",
    "i hope i don't wake up tomorrow", "i pray i die in my sleep", "i hope i get hit by a car",
    "i hope i get cancer and die", "i wish someone would just kill me", "please someone kill me",
    "someone shoot me please", "i beg god to take me every night", "i'd be better off dead",
    "everyone would be better off if i was dead", "i deserve to die", "i need to die", "i'm ready to die",
    "i'm planning to die", "i plan on dying before i'm thirty", "i will be dead by christmas",
    "i'll probably kill myself someday", "i know i'm going to end up killing myself",
    "suicide is the only way out for me", "suicide feels like the only answer", "the only way out is death",
    "i want this life to end", "i want my life to be over", "i don't want to be alive", "i don't wanna live anymore",
    "i have no reason to live", "i've lost the will to live", "i hate being alive",
    "i can't live like this anymore i want to die", "i'd rather be dead than feel this",
    "i'm scared i'm going to kill myself", "i'm afraid of what i might do to myself",
    "i don't trust myself not to kill myself", "i can't promise i won't kill myself",
    "the urge to kill myself is so strong", "the voices are telling me to kill myself",
    "my brain keeps telling me to kill myself", "i called the suicide hotline last night",
    "i was put on suicide watch", "i wrote my suicide note", "if things don't change i'm going to kill myself",
    "if she leaves me i will kill myself", "i'd have killed myself already if it weren't for my dog",
    "the only reason i haven't killed myself is my mom", "i have a date set for my death",
    "tonight is the night i die", "this is my suicide note", "i'm done i'm ending it", "i am ending my life today",
    "i want to bleed out in the bathtub", "i drank bleach once", "i tried to drown myself in the bath",
    "i tried to suffocate myself with a bag", "i ran a hose from the exhaust",
    "i sat in the garage with the engine on", "i've been stockpiling my meds",
    "i am hoarding pills for when i need them", "i bought a gun to kill myself",
    "i loaded the gun and put it to my head", "i stare at the train tracks every day",
    "i climbed over the railing of the bridge", "the police pulled me off the bridge", "my roommate found me hanging",
    "i was resuscitated after i hanged myself", "they pumped my stomach", "i slit my wrists when i was nineteen",
    "i want to unalive myself", "kms i'm so tired", "i just wanna be dead", "being dead sounds so nice",
    "i crave death", "i long to die", "death would be a relief", "dying sounds peaceful",
    "i'm not afraid to die anymore", "i don't fear death i welcome it", "i don't care if i die",
    "i wouldn't care if i died tomorrow", "i wouldn't mind dying", "if i died tomorrow i'd be fine with it",
)  # fmt: skip
NEVER_NAMED = (
    "i can't do this anymore i'm done with life", "i'm done i want out", "i want it all to stop",
    "i want everything to be over", "there's no point in living", "what is the point of being alive",
    "i don't see a point in going on", "i see no future for myself", "i have nothing left",
    "there's nothing left for me here", "nobody would care if i was gone", "no one would notice if i disappeared",
    "my family would be better off without me", "i'm a burden to everyone", "i'm just a waste of space",
    "the world would be better without me", "i wish i was never born", "i wish i could just not exist",
    "i wish i could disappear forever", "i want to go to sleep and not wake up", "i want to sleep forever",
    "i don't want to wake up anymore", "i hate waking up every day", "i'm tired of living",
    "i'm tired of being alive", "i'm exhausted by life", "i can't keep going", "i can't go on anymore",
    "i can't take it anymore", "i can't hold on much longer", "i don't know how much longer i can hold on",
    "i'm at the end of my rope", "i've given up on life", "i've lost all hope",
    "it's hopeless i'm never going to get better", "things will never get better for me",
    "i'm trapped and there's no way out", "there's only one way out", "i don't belong in this world",
    "i don't deserve to live", "i don't deserve to exist", "i hate my existence",
    "i don't see myself living past twenty five", "i don't think i'll make it to next year",
    "i won't be here much longer", "i won't be around for much longer", "soon i'll be gone",
    "you won't have to worry about me soon", "this is goodbye", "i'm saying goodbye to everyone",
    "i've said my goodbyes", "i'm sorry for everything goodbye", "please tell my mom i'm sorry",
    "i gave away all my stuff", "i've been giving away my things", "i'm getting my affairs in order",
    "i wrote letters to my kids", "i'm ready to let go", "i'm at peace with leaving",
    "i feel at peace now that i've decided", "i've made up my mind there's no going back",
    "i won't be a problem for much longer", "i'm going to do something bad to myself",
    "i don't feel safe with myself", "i might do something stupid tonight", "i don't trust myself alone",
    "it would be easier if i wasn't here", "it'd be better if i was gone", "i should just disappear",
    "i'm better off gone", "i'm not meant for this world", "i wasn't meant to be alive", "life isn't worth it",
    "life isn't worth living", "my life is over", "i feel dead inside", "i'm already dead inside",
    "i have no reason to stay", "nothing is keeping me here", "my kids are the only thing keeping me here",
    "my cat is the only reason i'm still here", "i only stay alive for my mom",
    "if it weren't for my kids i wouldn't be here", "i wouldn't mind if a truck hit me",
    "i don't look when i cross the street anymore", "i don't care what happens to me anymore",
    "i drive without a seatbelt hoping", "sometimes i hope i don't come home",
    "i wish i could fall asleep and stay asleep", "i want to fade away", "i want to cease to exist",
    "i just want peace", "i want the pain to end", "i want the pain to stop for good",
    "i can't bear the pain any longer", "make it stop please i can't anymore",
    "there's no light at the end of the tunnel", "i'm ready to meet my maker", "i'll see you on the other side",
    "i want to be with my dad in heaven", "i want to join my late wife", "everyone would move on without me",
    "they'd be happier if i was gone", "nobody will miss me when i'm gone", "remember me when i'm gone",
    "this is my last day", "tomorrow i won't be here", "it'll all be over soon", "it will be over by tomorrow",
    "one day i'll just not wake up and that would be nice", "why am i still here", "why am i even alive",
    "why was i even born", "i shouldn't be alive", "i was supposed to be dead by now",
    "i never thought i'd live this long", "i never planned on making it past eighteen", "i'm living on borrowed time",
    "i don't want to exist", "existing is painful", "existence is exhausting", "i'm too tired to keep fighting",
    "i've got no fight left in me", "i give up on everything", "i can't see any other way",
    "there is no other option left", "i'm out of options", "i have no options left",
)  # fmt: skip
SELF_HARM = (
    "i cut myself", "i've been cutting since i was twelve", "i started cutting again last week",
    "i relapsed last night", "i relapsed after six months clean", "i'm six months clean from self harm",
    "i'm two years clean but i want to cut", "i have the urge to self harm", "i want to cut so bad",
    "i can't stop cutting", "i'm addicted to cutting", "i burned myself with a lighter",
    "i put out cigarettes on my arm", "i hit myself when i get upset", "i punch walls until my knuckles bleed",
    "i punch myself in the face", "i bang my head on the wall when i'm angry", "i scratch my arms until they bleed",
    "i dig my nails into my skin", "i pick at my skin until it bleeds", "i bite myself when i'm stressed",
    "i pull my hair out when i'm upset", "i have scars all over my legs", "i have scars from cutting",
    "i wear long sleeves to hide my scars", "my mom found my blades", "my mom saw my cuts",
    "my parents don't know i self harm", "i hide razors in my room", "i broke a sharpener to get the blade",
    "i took apart my razor last night", "i want to hurt myself", "i feel like hurting myself",
    "i deserve to be hurt so i hurt myself", "cutting is the only thing that helps",
    "the pain makes me feel something", "i cut to feel something", "i do it to punish myself",
    "i starve myself as punishment", "i made new cuts on my thigh", "i cut too deep this time",
    "i needed stitches after i cut", "i've been sh free for three weeks", "sh is the only way i cope",
    "i just did sh again", "i carved a word in my leg", "i stabbed my leg with scissors",
    "i poke myself with needles", "i stick pins in my arm", "i burned my wrist on purpose",
    "i overdosed on purpose just to feel sick", "i choke myself until i see stars", "i bruise my legs with a hammer",
    "i broke my own finger on purpose", "i used a knife on my arm", "i have fresh cuts on my wrist",
    "i'm scared to wear shorts because of my scars", "i cant wear short sleeves because of the scars",
    "it's been two weeks since i last cut", "i haven't cut in a month but the urges are bad",
    "i've been clean for ninety days", "my counselor knows i cut", "i used to self harm in school",
    "i used to burn myself", "i thought about cutting all day", "i keep thinking about cutting",
    "i want to feel the blade again", "i want to see my blood", "i miss cutting", "i miss the feeling of cutting",
    "i don't want to relapse but i'm close", "trying not to cut tonight", "i'm trying to stop hurting myself",
    "i slap myself in the face when i mess up", "i smashed my hand with a rock", "i scald myself in the shower",
    "i rub my skin raw with an eraser", "i wear bracelets to cover my wrists",
)  # fmt: skip
SOMEBODY_ELSE = (
    "my friend wants to kill herself", "my best friend tried to kill himself",
    "my boyfriend said he's going to kill himself if i leave",
    "my girlfriend is suicidal and i don't know what to do", "my brother attempted suicide last month",
    "my sister cuts herself", "my daughter has been cutting", "my son told me he wants to die",
    "my dad killed himself when i was ten", "my mom overdosed on pills",
    "my roommate is talking about ending his life", "my cousin hanged himself", "a friend of mine is self harming",
    "someone i know is thinking about suicide", "a girl at school posted that she wants to die",
    "he texted me goodbye and won't answer his phone", "she says she doesn't want to be here anymore",
    "he keeps saying everyone would be better off without him",
    "my husband has a gun and says he'll use it on himself", "my wife said she took all her pills",
    "my uncle shot himself last year", "i found my brother hanging", "i found my friend's suicide note",
    "my ex is threatening suicide", "he threatened to kill himself", "she's been giving away her things",
    "i think my friend is suicidal", "i'm worried my friend will hurt himself",
    "i'm scared my sister is going to kill herself", "my student told me that she self harms",
    "my client disclosed suicidal thoughts", "my neighbour is standing on the roof",
    "there's a man on the bridge about to jump", "my friend is in hospital after an overdose",
    "my mum says life isn't worth living", "my grandad keeps saying he wants to die",
    "my nephew has been hurting himself", "my mate topped himself", "he slit his wrists", "she cut her wrists",
    "he tried to hang himself", "she tried to overdose", "my friend said he has a plan to end it",
    "how can i help a friend who is suicidal", "how do i stop my friend from killing himself",
    "my teenage son has cuts on his arms", "my partner has ptsd from the war",
    "my brother came back from iraq with ptsd", "my daughter was sexually assaulted",
)  # fmt: skip
TRAUMA = (
    "i was raped", "i was sexually abused as a child", "i was molested by my uncle",
    "my father beat me when i was a kid", "i was in an abusive relationship", "my ex abused me for years",
    "i have ptsd", "i was diagnosed with ptsd last year", "i have complex ptsd", "i keep having flashbacks",
    "i have nightmares about the accident", "i have nightmares every night since it happened",
    "certain smells trigger me", "i get triggered by loud noises",
    "i was in a bad car accident and i can't drive since", "i saw my friend die", "i watched my father die",
    "i witnessed a murder", "i found my mother's body", "i was in a war", "i served two tours in afghanistan",
    "i was attacked in the street", "i was mugged at knifepoint", "i was held at gunpoint",
    "i was kidnapped as a child", "i was assaulted at a party", "he forced himself on me",
    "he touched me when i was little", "something happened to me when i was a child",
    "i was bullied so badly at school it still haunts me", "my mother used to hit me", "my stepdad used to beat us",
    "i grew up with a violent father", "i grew up in an abusive home", "domestic violence ruined my life",
    "i survived a house fire", "i survived an earthquake", "i lost my child", "i had a traumatic birth",
    "i was neglected as a child", "my trauma makes it hard to trust people", "i can't talk about what he did to me",
    "i relive it every night", "i keep reliving that night", "memories of the abuse come back",
    "i freeze when someone shouts because of my dad", "i jump at every loud noise since the war",
    "it was the most traumatic thing that ever happened to me", "i was stalked by my ex", "i was trafficked",
    "i'm a survivor of sexual assault", "my ex husband tried to kill me", "my boyfriend strangled me", "i was shot",
    "i was stabbed", "i got jumped by a group of men", "i was in a school shooting",
    "i fled my country because of the war", "i'm a refugee", "my therapist does emdr with me",
    "i have trauma from my childhood", "i've been through a lot of trauma", "i was locked in a closet as a kid",
    "my coach abused me", "the priest touched me", "i was groomed online", "i was drugged and woke up somewhere else",
)  # fmt: skip
PANIC = (
    "i have panic attacks", "i had a panic attack on the train", "i get anxiety attacks at night",
    "i suffer from panic disorder", "i hyperventilate in shops", "i had one of my attacks again",
    "i feel like i'm going to die when it happens", "my heart races and i think i'm dying",
    "i thought i was having a heart attack", "i went to the er thinking it was a heart attack",
    "out of nowhere my heart starts pounding and i can't breathe", "i wake up at night gasping and terrified",
    "sudden waves of terror come over me", "i get these sudden rushes of fear", "i'm scared of having another attack",
    "i panic in crowds", "i panic when i'm in a lift", "i feel like i'm losing my mind and my hands go numb",
    "my throat closes up and i can't get air", "my chest tightens and i feel like i'm suffocating",
    "i start shaking and sweating for no reason", "the attacks come every day now", "i had an attack at work",
    "i felt an attack coming on", "i can't leave the house because of the attacks", "i get full blown panic",
    "i was hyperventilating in the bathroom", "it comes out of the blue",
    "i got dizzy and my heart was racing and i thought i would pass out", "i had a massive anxiety attack",
    "my panic attacks are back", "i carry xanax in case of an attack", "i feel impending doom",
    "i get overwhelmed with terror for no reason", "my heart goes a hundred miles an hour and i think i'm dying",
    "i've had three attacks this week", "i feel like i can't breathe and i'm going crazy", "i have agoraphobia",
    "i suddenly feel like i'm choking and going to die", "an attack hit me in the supermarket",
)  # fmt: skip
UNREALITY = (
    "i dissociate a lot", "i feel like i'm not real", "nothing feels real anymore", "everything feels like a dream",
    "i feel detached from my body", "i feel like i'm watching myself from outside", "i feel like i'm in a movie",
    "i feel disconnected from everything", "i have depersonalization", "i have derealization", "the world looks fake",
    "people look like robots", "i look in the mirror and don't recognize myself", "my hands don't feel like mine",
    "i lose time", "i lose hours and don't know what i did", "i zone out for hours", "i feel like a robot",
    "i'm on autopilot all day", "i feel like i'm floating", "i leave my body when i'm stressed",
    "it's like i'm behind glass", "it's like there's a fog around me", "i feel numb and unreal",
    "i feel like an outsider in my own body", "i feel like a ghost", "i don't feel like a person",
    "i feel like i don't exist", "i'm not sure if i'm real", "i'm not sure if any of this is real",
    "i feel like i'm living in a simulation", "my voice sounds like someone else's",
    "my body doesn't feel like my own", "i feel far away from everything", "everything looks flat and far away",
    "i have gaps in my memory", "i can't remember whole days",
    "i found myself somewhere and didn't know how i got there", "i have alters", "i have did",
    "there are different people in my head", "i feel like i'm not in control of my body",
    "someone else takes over my body", "i feel like i'm in a bubble", "i go somewhere else in my head",
    "i blank out when people yell", "my mind leaves my body", "it doesn't feel like my life",
    "i feel like i'm dreaming all the time", "i feel spaced out all the time", "time feels weird like it's skipping",
    "i watch my life like a film", "i was there but i wasn't there", "i feel empty like a shell",
    "i don't know who i am anymore",
)  # fmt: skip


@cache
def screen() -> Screen:
    return screen_of(catalog_files.read_texts()["en/safety.yaml"])


def missed(texts: tuple[str, ...], kind: str, category: str = "crisis") -> list[str]:
    """The texts in which nothing of the kind is found."""
    flags = {text: screen().flags(text, Expects("text")) for text in texts}
    return [text for text in texts if not any((each.category, each.kind) == (category, kind) for each in flags[text])]


def test_thoughts_of_suicide_are_found() -> None:
    assert missed(SUICIDE, "suicide") == []


def test_thoughts_of_suicide_that_do_not_name_it_are_found() -> None:
    assert missed(NEVER_NAMED, "suicide") == []


def test_self_harm_is_found() -> None:
    assert missed(SELF_HARM, "self_harm") == []


def test_somebody_else_in_danger_is_found() -> None:
    assert missed(SOMEBODY_ELSE, "other_person") == []


def test_trauma_is_found() -> None:
    assert missed(TRAUMA, "trauma", "contraindication") == []


def test_panic_is_found() -> None:
    assert missed(PANIC, "panic", "contraindication") == []


def test_unreality_is_found() -> None:
    assert missed(UNREALITY, "dissociation", "contraindication") == []
