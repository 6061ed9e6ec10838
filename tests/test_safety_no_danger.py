"""What is no danger, though its words are near it: denials, manners of speaking, everyday talk, talk of fear."""

from __future__ import annotations

from functools import cache

import pytest

from voice_coach import catalog_files
from voice_coach.understand.safety import Screen, screen_of
from voice_coach.words import Expects, Flag

TEXT = Expects("text")

DENIED = (
    "i have never wanted to kill myself", "the idea of suicide never entered my head",
    "suicide is not an option for me", "dying is not what i want", "no part of me wants to die",
    "i have absolutely no wish to be dead", "i stopped wanting to die a long time ago", "i no longer feel suicidal",
    "i'd rather live", "i'd much rather be alive", "i'm glad i'm alive", "i'm glad i didn't kill myself back then",
    "i don't want to hurt myself anymore", "i would never hurt myself", "i'd never cut myself",
    "i am nowhere close to suicidal", "i'm not at all suicidal thanks for asking",
    "it does not mean i want to kill myself", "i'm sad without wanting to die", "am i suicidal no",
    "suicidal thoughts none", "i don't have any suicidal thoughts", "i've had no thoughts of ending my life",
    "i haven't cut in my life", "i have never self harmed", "i'm not going to kill myself over an exam",
    "i couldn't ever do that to my family", "my sister thinks i'm suicidal but i'm not",
    "i told them i was not thinking about hurting myself", "i'd never even consider suicide",
    "i wouldn't dream of killing myself", "i am not the kind of person who would end his life",
    "nobody needs to worry i won't hurt myself", "i'm not depressed and i'm not suicidal",
    "life is good and i want to keep living", "i really want to stay alive", "i have every reason to live",
    "there is so much to live for", "i want to live to be old", "i am not thinking about death",
    "i am not hoping to die", "i didn't try to kill myself i fell",
    "it was an accident i wasn't trying to hurt myself", "i'm done with wanting to die",
    "it wasn't a suicide attempt", "i can't imagine ever wanting to die", "the last thing i want is to die",
    "i love living", "i enjoy being alive", "i am not going to jump off the roof", "i'm not planning to take my life",
    "i don't feel like killing myself today", "i have not been thinking of suicide",
    "suicide has never been on my mind", "i promise i am not going to do it", "i do not plan to overdose",
    "i'm not one to give up on life", "i haven't got a death wish", "no i don't think about ending my life",
    "never felt suicidal in my life", "i do not wish to end my life", "i want to get better and live",
    "i choose to live", "i am not going to leave this world yet", "i'm not ready to leave this world",
    "i don't want to go to sleep and never wake up", "i don't want to hang myself", "i'm not going to slit my wrists",
    "my life is worth living", "i will not give up on life",
)  # fmt: skip
IDIOMS = (
    "i could murder a curry", "i'm dying for a cup of tea", "that joke killed me", "i died when i saw the price",
    "the wifi keeps dying on me", "my brain is dead after that exam", "i killed it at karaoke",
    "shoot i forgot my keys", "she's drop dead gorgeous", "i had a bottle of juice and was ready to drink it all",
    "i have a plan to build a shed", "i thought about drinking coffee or something stronger like espresso",
    "i want to jump in the shower", "i jumped at the chance to go", "i'm going to hang up the phone",
    "i hang out on the bridge to take photos", "i bought rope for the tent", "i'm drowning in paperwork",
    "i'm drowning in emails", "i'm buried in work", "i'm buried under laundry", "it is a killer workout",
    "i could eat a horse and then die happy", "i nearly had a heart attack when i saw the bill",
    "i'm cutting down on coffee", "i cut my finger slicing bread", "i burned my tongue on the soup",
    "he is suicidal to wear that shirt", "that pass was suicide", "it's political suicide",
    "i'm ready to go home now", "i want this week to be over", "i can't wait for this day to end",
    "i want to end the subscription", "i ended it with him", "i ended it with my gym", "i'm done with this diet",
    "i hope i get hit on at the party", "the printer is dead again", "i'd give my right arm for a holiday",
    "i'm saying goodbye to sugar", "goodbye to all my old jeans", "i'm giving away my old clothes to charity",
    "i gave everything i had in that race", "i'm leaving this job behind", "i'm going home for good",
    "my final exam is tomorrow", "it's my last day at work", "this is my last week at the office",
    "i'm the burden of proof nerd", "you're killing me smalls", "i would kill for a nap",
    "i've had it up to here with the printer", "i almost died of boredom", "my feet are killing me",
    "i want to sleep forever on weekends", "i slept like the dead", "dead easy", "the engine died on the motorway",
    "i pulled the trigger on a new laptop", "i bit the bullet and booked it", "i dodged a bullet",
    "i have skeletons in the closet", "i'm going to bleed these radiators",
    "take the pills out of the cupboard for grandma", "i counted the pills for my mother's pill box",
    "i have a knife drawer in the kitchen", "i got a new gun for my paintball team", "i threw myself into my work",
    "i threw myself on the sofa", "i let myself go this year", "i'm fading away without lunch",
    "i checked out of the hotel", "i tore my hair out over the tax form",
    "i banged my head against a brick wall with that form", "i'm pulling my hair out over this code",
    "it hurts to see my team lose", "i'd be dead without my calendar", "my mum is going to kill me",
    "the suspense is killing me", "he has a death wish on that motorbike", "i'm over the moon",
    "i could just die she said hello", "this app wants me dead", "i punished myself with burpees", "i hit the sack",
    "i hit rock bottom prices", "let's burn some calories", "i scratched my car",
    "i relapsed and bought another handbag", "i relapsed into biting my nails", "i want to get out of here",
    "i want out of this contract", "everything must go", "there's no future in coal", "there is no point in queueing",
    "there's nothing left in the fridge", "i have nothing to wear and nothing to live for on mondays",
    "it was a bloodbath at the sales", "i'm on my last legs after that walk", "stab in the dark",
    "i'd rather stick pins in my eyes than watch that", "i want to curl up and sleep",
    "i want to vanish to a beach in spain", "i want to be gone before the traffic", "i'm so done with this meeting",
)  # fmt: skip
EVERYDAY = (
    "what's the meaning of life", "why are we here", "what is the purpose of human existence",
    "what's the point of life", "why do we exist", "is there life after death", "what happens when you die",
    "how did elvis die", "when did princess diana die", "who killed abraham lincoln", "who shot john lennon",
    "how do i get rid of ants", "what is the suicide rate in japan", "play suicide is painless",
    "play killing me softly", "play i want to break free", "play stayin alive", "play the song die young by kesha",
    "play dead man walking", "set an alarm to wake me up tomorrow", "wake me at seven",
    "do not wake me up before nine", "cancel my alarm", "how many people died in world war two",
    "when did the first world war end", "who won the war of eighteen twelve",
    "tell me about the earthquake in turkey", "what's the latest news on the bombing",
    "any news about the plane crash", "what's the news on the shooting in texas", "how do i survive an earthquake",
    "what is ptsd", "what does trauma mean", "how do you spell dissociation", "what are the symptoms of a stroke",
    "what is a panic attack", "define surreal", "how do i treat a burn", "how do i stop a nose bleed",
    "what is the best way to remove scars", "how do i cut a mango", "how do i burn a cd",
    "how many pills are left in my prescription", "remind me to take my pills", "refill my prescription please",
    "order more painkillers", "where can i buy rope", "how high is the eiffel tower", "what train goes to manchester",
    "is there traffic on the bridge", "how long is the flight to new york", "what's the cheapest life insurance",
    "does my life insurance cover me abroad", "how do i write a will", "i need to write my will",
    "how do i get power of attorney", "how do i close my account", "i want to cancel my account and leave this bank",
    "delete my account forever", "delete everything on my list", "erase all my alarms", "switch everything off",
    "turn everything off", "turn it all off", "shut yourself down", "stop everything",
    "end everything on my list at five", "end the call", "kill the music", "the lights should go dark at ten",
    "make the room go dark", "i want it quiet", "say goodbye", "bye for now see you later", "i'm leaving now goodbye",
    "i'm gone for the weekend", "it's my last day in paris", "when is my last day of work", "what's my last payment",
    "i lost my card", "i lost my wallet what do i do", "my card was stolen", "my account was hacked",
    "my car broke down", "my car crashed can you call a tow truck", "report an accident on the motorway",
    "call an ambulance", "call my mom", "text my sister that i love her", "tell my wife i love her",
    "send a message to dad saying sorry", "email everyone and say thank you", "who will take care of my dog",
    "find someone to look after my cat", "find me a dog sitter for when i'm away", "can i bring my dog on the plane",
    "what's my blood type", "what is my heart rate", "find a hospital near me", "how far is the nearest hospital",
    "i need a doctor", "my head hurts", "my back hurts what can i take", "i have a headache", "i feel sick",
    "i'm tired", "i'm bored", "i'm sad", "i'm so stressed out", "i'm in pain", "i'm hungry", "i'm happy to be here",
    "you're not real", "are you real", "are you a robot", "are you human", "do you have feelings",
    "is this real life", "what is reality", "do you dream", "do you want to live", "do you want to die",
    "how long will you live", "who are you", "i don't know who you are", "does anyone care", "nobody asked you",
    "are you going to kill us all", "can you hurt people", "is alexa dead", "what's it like to be dead",
    "tell me a ghost story", "what time is the funeral", "find funeral homes nearby", "send flowers to the funeral",
    "how many calories does swimming burn", "what is the knife attack story on the news",
    "read me the news about the war", "what movies are about war", "play call of duty",
    "what is the attack on titan rating", "how many stories does the building have", "what floor is the office on",
    "is it cold enough to freeze pipes", "my engine is running hot in the garage", "close the garage door",
    "how do i tie a knot", "show me how to tie a noose knot for my boat", "how do i sharpen a blade",
    "add razors to my shopping list", "buy bleach", "how do i get blood out of a shirt", "where's the emergency exit",
    "what is the way out of town", "is there a way out of my lease", "what are my options", "i want to go home",
    "take me home", "i want to go to heaven nightclub", "play stairway to heaven", "play knocking on heaven's door",
    "play highway to hell", "is heaven real", "will i go to hell", "what does the bible say about death",
    "how old is too old", "i turn forty next week", "remind me it's my thirtieth birthday tomorrow",
    "how many days until my birthday", "i won't be here on friday", "i won't be home for dinner",
    "i'll be gone until monday", "what if i'm not here when the parcel comes",
)  # fmt: skip
ANXIOUS = (
    "i'm scared of elevators", "i'm scared of dogs because one bit me when i was small", "i'm afraid of dying",
    "i'm afraid that i'll die in my sleep", "what if i die on the plane",
    "i'm afraid of losing control and jumping off the balcony", "i'm afraid i might hurt my baby by accident",
    "i worry about my mother dying", "i'm afraid of being alone with my thoughts", "i fear going mad",
    "i'm afraid i will choke on food", "i'm afraid of knives", "i'm afraid of needles and blood",
    "i'm scared of driving over the bridge", "i'm scared of heights", "i am afraid i'll throw up on the bus",
    "i'm terrified of vomiting", "i'm scared of standing on the platform when the train comes in",
    "i feel a pull when i stand near the edge and that scares me", "i avoid balconies in case i fall",
    "i won't go near the tracks", "i fear being a burden at work", "i'm afraid people will think i'm stupid",
    "they'll laugh at me and i'll want the ground to swallow me", "i'll make a fool of myself",
    "everybody will stare and i'll freeze", "i will forget my words and die of shame",
    "i'll faint and somebody will call an ambulance", "my heart will race and i'll have to leave",
    "i'd collapse and everyone would see", "i'd feel trapped and scream", "nothing happened it was fine",
    "i learned that i can stand it", "it was easier than i thought", "i thought i'd die but i didn't", "i survived",
    "i made it to the end", "i wanted to run but i stayed", "i didn't die", "nobody laughed",
    "nobody even noticed me", "no one cared that i was there", "i stayed until the end",
    "the fear went down by itself", "i did not run away this time", "i still felt scared but i did it",
    "calling the bank", "eating alone in a restaurant", "asking a stranger for the time",
    "going to the supermarket alone", "taking the lift to the tenth floor", "standing on the balcony for two minutes",
    "looking over the bridge railing", "riding the train for one stop", "sitting in the middle of the cinema",
    "sleeping with the light off", "touching a door handle without washing",
    "holding a knife while somebody is in the room", "watching a video of a plane crash",
    "looking at a picture of blood", "having my blood taken", "going to the dentist",
    "walking past the place of the accident with my friend", "saying no to my boss", "speaking in a meeting",
    "singing in front of people", "swimming in the deep end", "staying home alone for a night",
    "driving as a passenger on the motorway", "i can't do it", "i can't go through with it", "i'm not ready",
    "i give up for today", "i want to stop", "i want to stop now", "i'm done", "i'm finished", "it's over",
    "it's all too much", "it's too much", "too much", "i can't take any more", "i need a break",
    "i feel like a failure", "i feel useless at parties", "i hate myself for blushing", "i'm so stupid",
    "i'm pathetic at phone calls", "i'm tired of myself being so shy", "i'm sick of hiding",
    "i'm exhausted after every party", "i can't keep avoiding people", "i can't keep living like a hermit",
    "i can't live with this fear any longer", "this fear ruins my life", "anxiety is ruining my life",
    "my life is so small because of this fear", "i feel like i'm missing out on life",
    "what's the point of trying if i get scared anyway", "there's no point in going because i'll leave again",
    "i don't see the point of this exercise", "nothing helps", "nobody understands me", "i have no friends",
    "i've got no one to talk to", "i feel alone", "i feel empty after social events",
    "i go blank when the teacher asks me", "my mind goes blank in exams", "i zone out in long meetings",
    "my hands shake", "my throat feels tight when i speak", "i can't breathe properly in crowds",
    "my heart beats fast when i speak", "i feel dizzy in queues", "i sweat when i talk to women",
    "i'm worried about my exam", "i worry that my partner will leave me", "i'm scared of being left",
    "i'm afraid my dad will be angry", "he shouted at me at work", "my boss yelled at me",
    "my classmates used to laugh at me", "i was shy as a child", "i had a bad experience with a dog",
    "i had a small car accident last year nothing serious", "i got stuck in a lift once",
    "i got lost in a shop as a child", "the doctor said it's just anxiety", "i take medication for anxiety",
    "i take my tablets every day", "i forgot to take my meds", "i'm on antidepressants", "i had a drink to calm down",
    "i scratch my neck when i'm nervous", "i pick my nails before calls", "i pinch my arm to stay calm",
    "i want to disappear when people look at me", "i wish i was invisible at school",
    "i wish the ground would open up", "i'd rather be dead than give a speech", "i'd rather die than dance",
    "i would die if she said no", "it kills me to ask for help", "i almost died of fear", "i was dead scared",
    "i was scared to death", "i was frightened to death", "i was so embarrassed i could have died",
    "i feel sick to death with nerves", "i keep putting it off", "i don't want to be here at this party",
    "i didn't want to be there", "i wanted to get out of there", "there was no way out of the row",
    "i couldn't see a way out of the crowd", "i need to know where the exits are", "i want to leave",
    "i want to go home now", "i'd like to be free of it", "i want it to end", "i want it to stop",
    "i just want it to be over", "i want the shaking to stop", "i can't switch off my mind at night",
    "i lie awake before presentations", "i don't sleep well", "i have nightmares about exams",
    "i dread waking up on mondays", "i dread every monday", "i hate mornings before school",
    "i hate my life at this job", "i hate my body in photos", "i hate my voice", "my sister is scared too",
    "my brother says i should just do it", "my friend has anxiety", "my mum worries about me",
    "my husband drives me everywhere", "my dad died of a heart attack so i'm scared for my heart",
    "my grandad died in hospital and i avoid hospitals", "i'm scared of hospitals since my mother died",
    "i watched a film about a plane crash and now i can't fly", "i saw a spider in the bath and screamed",
)  # fmt: skip


@cache
def screen() -> Screen:
    return screen_of(catalog_files.read_texts()["en/safety.yaml"])


def crises(text: str) -> list[Flag]:
    return [flag for flag in screen().flags(text, TEXT) if flag.category == "crisis"]


def test_a_denial_interrupts_nothing() -> None:
    assert {text: crises(text) for text in DENIED if crises(text)} == {}


def test_a_manner_of_speaking_is_not_flagged() -> None:
    assert {text: screen().flags(text, TEXT) for text in IDIOMS if screen().flags(text, TEXT)} == {}


def test_everyday_talk_is_not_flagged() -> None:
    assert {text: screen().flags(text, TEXT) for text in EVERYDAY if screen().flags(text, TEXT)} == {}


def test_talk_of_fear_interrupts_nothing() -> None:
    assert {text: crises(text) for text in ANXIOUS if crises(text)} == {}


@pytest.mark.parametrize("text", [
    "I have not stopped wanting to die", "I'm not glad to be alive", "I never stopped feeling suicidal",
    "I'd be happy if I was dead", "I want to die I can't anymore", "I don't want to wake up I want to sleep forever",
    "I tried to kill myself one more time", "I'm suicidal I'm not okay", "I don't know who I am I want to die",
    "it's not getting better and I want to die", "I've never felt so suicidal", "I never wanted to die so badly",
    "nobody will have to worry about me for much longer", "I would be glad not to wake up",
    "I want to die no matter what they say",
])  # fmt: skip
def test_a_not_that_does_not_reach_it_takes_nothing_away(text: str) -> None:
    assert "suicide" in {flag.kind for flag in crises(text)}


@pytest.mark.parametrize("text", [
    "not in all of those long years did wanting to die help", "my tomato plants want to die",
    "no wish no urge and no hope for death",
])  # fmt: skip
def test_a_doubtful_context_is_at_most_asked_about(text: str) -> None:
    assert {flag.tier for flag in crises(text)} <= {"possible"}


def test_danger_is_found_anywhere_in_a_long_text() -> None:
    weather = "and the weather was fine " * 100
    for text in ("I want to kill myself " + weather, weather + "I want to kill myself " + weather,
                 weather + "I want to kill myself"):  # fmt: skip
        assert [flag.kind for flag in crises(text)] == ["suicide"]


def test_the_end_of_an_utterance_is_its_own_end_not_that_of_a_stretch() -> None:
    assert crises("I want out")
    assert not crises("I want out " + "of this contract with the phone company " * 60)
