"""Walking, running and every other way to get about."""

from training.synth.registry import HIP, REGISTRY, Gait, add, k, pose

_RUN_ARMS = pose(both=(0.05, -0.55, 0.3))
add("walk", "walk~ [|forward|ahead|straight ahead|along|around]", "walk~ [at a normal pace|normally|casually]",
    "take~ [a few|several|some] steps [forward|]", "stroll~ [|forward|along]", "step~ forward", "=walk", "=walking",
    "go~ [forward|ahead] on foot", "make~ {their} way forward", "pace~ [forward|along]", "amble~ along", "move~ forward by walking",
    "put~ one foot in front of the other", "advance~ [at a walk|step by step]", "wander~ [about|around]",
    gait=Gait(), seconds=(1.6, 6.0), family="walk")  # fmt: skip
add("walk_slow", "walk~ slowly [|forward|ahead]", "walk~ [very slowly|at a slow pace|leisurely]", "stroll~ slowly", "plod~ along",
    "take~ slow steps [forward|]", "=slow walk", "amble~ forward slowly", "trudge~ [forward|along]", "shuffle~ forward",
    gait=Gait(speed=0.7, hz=0.62, lift=0.06, swing=0.18), seconds=(2.5, 6.0), family="walk")  # fmt: skip
add("walk_uneven", *REGISTRY["walk"].says, gait=Gait(speed=1.1, hz=0.8, duty=0.58, lift=0.28, bounce=0.04, width=0.13, swing=0.2, pose=pose(flex=8, hflex=10)), seconds=(1.6, 5.0), family="walk")  # fmt: skip
add("walk_fast", "walk~ [quickly|fast|briskly|rapidly] [|forward|ahead]", "walk~ at a [fast|brisk|quick] pace", "power~ walk", "stride~ [forward|along|briskly]",
    "hurry~ [along|forward]", "=brisk walk", "=fast walking", "march~ off quickly", "rush~ forward [on foot|]",
    gait=Gait(speed=2.1, hz=1.2, swing=0.45, bounce=0.03), family="walk")  # fmt: skip
add("walk_back", "walk~ [backward|backwards|back]", "step~ [back|backward|backwards]", "take~ [a few|several|some] steps [back|backward]",
    "move~ [backward|backwards]", "retreat~ [slowly|step by step|]", "back~ away", "back~ up", "walk~ in reverse", "=walk backwards", "=backward walking",
    gait=Gait(speed=0.9, toward=180, hz=0.85, swing=0.15), family="walk_back")  # fmt: skip
add("sidestep", "step~ [sideways|to the side] [to the {S}|]", "walk~ sideways [to the {S}|]", "side~ step to the {S}", "sidestep~ [to the {S}|{S}|]",
    "move~ [sideways to the {S}|to the {S} side]", "take~ [a few|several] steps to the {S}", "shuffle~ [sideways|to the {S}]", "=side step", "=step {S}",
    "=lateral walk", "=walking sideways", "go~ sideways", gait=Gait(speed=0.75, toward=-90, hz=0.85, lift=0.06, swing=0.03, width=0.2),
    sided=True, seconds=(1.5, 4.0), family="sidestep")  # fmt: skip
add("side_shuffle", "shuffle~ [quickly|fast|] [sideways|to the {S}]", "do~ [side shuffles|lateral shuffles] [to the {S}|]", "#a side shuffle [to the {S}|]",
    "side~ gallop to the {S}", "slide~ [sideways|to the {S}] with quick steps", "=lateral shuffle", "move~ quickly sideways to the {S}", "=defensive slide",
    gait=Gait(speed=1.9, toward=-90, hz=1.9, lift=0.06, swing=0.0, width=0.26, pose=pose(both=(0.2, -0.4, 0.5), py=-0.12, flex=12)),
    sided=True, seconds=(1.5, 4.0), family="sidestep")  # fmt: skip
add("jog", "jog~ [|forward|along|ahead]", "run~ slowly", "run~ at a [slow|gentle|easy] pace", "trot~ [forward|along|]", "=jog", "=jogging", "=light run",
    "go~ for a jog", "go~ jogging", "run~ lightly", gait=Gait(speed=2.5, hz=1.35, duty=0.42, lift=0.18, bounce=0.04, swing=0.3, pose={**_RUN_ARMS, "flex": 6}),
    family="run")  # fmt: skip
_LOOSE_RUN = dict(hz=1.4, duty=0.4, lift=0.24, bounce=0.045, swing=0.24)
_LOOSE_ARMS = pose(both=(0.04, -0.75, 0.05), flex=12, pitch=5, az=-0.13)
add("jog_loose", *REGISTRY["jog"].says, gait=Gait(speed=3.0, pose=_LOOSE_ARMS, **_LOOSE_RUN), seconds=(1.2, 4.0), family="run")  # fmt: skip
add("run", "run~ [|forward|ahead|straight ahead|along]", "run~ [fast|quickly]", "=run", "=running", "sprint~ [|forward|ahead]", "dash~ [forward|off|]",
    "race~ [forward|along]", "run~ at [full|high] speed", "break~ into a run", "run~ as fast as [possible|{their} legs carry]", "rush~ forward running",
    gait=Gait(speed=4.0, hz=1.6, duty=0.36, lift=0.28, bounce=0.05, swing=0.42, pose={**_RUN_ARMS, "flex": 10}),
    seconds=(1.2, 4.0), family="run")  # fmt: skip
add("run_in_place", "run~ [in place|on the spot]", "jog~ [in place|on the spot]", "=running in place", "=jog on the spot", "do~ running without moving [forward|]",
    "run~ without going anywhere", gait=Gait(speed=0.05, hz=1.4, duty=0.42, lift=0.22, bounce=0.04, swing=0.2, hands=0.15, pose=_RUN_ARMS), family="run_in_place")  # fmt: skip
add("high_knees", "run~ [in place|on the spot] with high knees", "do~ [high knees|knee lifts] [on the spot|]", "=high knees", "pump~ {their} knees up [and down|] [quickly|]",
    "lift~ {their} knees high [one after the other|alternately|in turn] [quickly|]", "#high knee [running|drills]",
    gait=Gait(speed=0.03, hz=1.4, duty=0.45, lift=0.5, bounce=0.04, hands=0.15, pose=pose(both=(0.05, -0.55, 0.35), laz=0.1, raz=0.1)), family="high_knees")  # fmt: skip
add("march", "march~ [in place|on the spot]", "walk~ [in place|on the spot]", "step~ [in place|on the spot]", "=marching", "=march in place", "=walk on the spot",
    "lift~ [the|{their}] knees [alternately|one after the other|in turn]", "raise~ {their} legs [alternately|in turn]", "tread~ on the spot",
    gait=Gait(speed=0.03, hz=0.9, duty=0.55, lift=0.3, bounce=0.01, hands=0.28, pose=pose(laz=0.08, raz=0.08)), family="march")  # fmt: skip
add("march_forward", "march~ [forward|ahead|along|like a soldier]", "walk~ with high knees", "walk~ lifting {their} knees [high|up]", "=marching forward", "goose~ step [forward|]",
    "parade~ forward [like a soldier|]", "take~ high steps forward", gait=Gait(speed=1.2, hz=0.9, duty=0.55, lift=0.35, swing=0.5), family="march")  # fmt: skip
add("sneak", "sneak~ [|forward|along|up]", "tiptoe~ [|forward|along|around]", "creep~ [|forward|along]", "walk~ [stealthily|quietly|cautiously|carefully]", "=sneak", "=sneaking",
    "walk~ on tiptoe [in a crouch|]", "prowl~ [forward|]", "move~ stealthily [forward|]", "skulk~ along", "walk~ [bent over|crouched|hunched] and [quietly|slowly]", "steal~ along quietly",
    gait=Gait(speed=0.8, hz=0.6, duty=0.6, lift=0.28, swing=0.12, pose=pose(both=(0.1, -0.5, 0.45), py=-0.12, flex=25, pitch=12, hflex=-15, fp=12)), family="sneak")  # fmt: skip
add("sneak_upright", "sneak~ [|forward|along|up]", "creep~ [|forward|along] [on tiptoe|quietly|]", "tiptoe~ [|forward|along] [quietly|carefully|]", "walk~ [stealthily|quietly|cautiously|carefully]", "=sneak", "=sneaking",
    "take~ [slow|careful|quiet] high steps", "step~ slowly and [carefully|quietly|without a sound]", "move~ stealthily [forward|]", "lift~ {their} feet high and step~ softly",
    gait=Gait(speed=0.65, hz=0.5, duty=0.62, lift=0.36, swing=0.15, pose=pose(both=(0.22, -0.75, 0.28), py=-0.03, flex=8, fp=10)), family="sneak")  # fmt: skip
add("sneak_stooped", *REGISTRY["sneak"].says, gait=Gait(speed=1.4, hz=0.75, duty=0.62, lift=0.15, swing=0.12, pose=pose(both=(0.1, -0.86, -0.18), py=-0.1, flex=26, pitch=10, hflex=-10, fp=8)), seconds=(1.2, 4.0), family="sneak")  # fmt: skip
add("sneak_quick", *REGISTRY["sneak"].says, gait=Gait(speed=1.5, hz=0.95, duty=0.6, lift=0.16, swing=0.15, pose=pose(both=(0.1, -0.7, 0.15), py=-0.08, flex=20, pitch=8, hflex=-12, fp=14)), seconds=(1.2, 4.0), family="sneak")  # fmt: skip
add("sneak_long", *REGISTRY["sneak_upright"].says, gait=Gait(speed=1.2, hz=0.55, duty=0.6, lift=0.2, swing=0.25, pose=pose(both=(0.12, -0.85, 0.05), py=-0.06, flex=14, pitch=6, fp=12)), seconds=(1.5, 5.0), family="sneak")  # fmt: skip
add("walk_crouched", "walk~ [in a crouch|crouched|bent low|while crouching]", "duck~ walk [forward|]", "=crouch walk", "walk~ with [bent|flexed] knees", "stay~ low and walk~ forward", "move~ forward in a crouch",
    gait=Gait(speed=0.7, hz=0.8, lift=0.08, swing=0.1, pose=pose(py=-0.38, pitch=20, flex=20, both=(0.1, -0.6, 0.4), kn=0.2)), family="sneak")  # fmt: skip
add("tiptoe", "walk~ on [{their} toes|tiptoe|tiptoes|the balls of {their} feet]", "=toe walk", "=walking on tiptoes", "tiptoe~ [upright|with straight legs]",
    gait=Gait(speed=0.9, hz=0.95, swing=0.12, pose=pose(fp=38, ay=0.02, both=(0.35, -0.85, 0.1))), family="tiptoe")  # fmt: skip
add("limp", "limp~ [|forward|along]", "walk~ with a limp", "hobble~ [|along|forward]", "walk~ as if [{their} {S} leg|the {S} foot] [is|were] [hurt|injured]", "=limping", "favor~ the {O} leg while walking",
    "drag~ the {S} leg [behind|while walking]", "walk~ with an injured {S} leg", gait=Gait(speed=0.8, hz=0.75, duty=0.68, lift=0.04, limp=0.3, swing=0.15), sided=True, family="limp")  # fmt: skip
add("stagger", "stagger~ [|forward|along|around]", "walk~ [drunkenly|unsteadily|like a drunk person]", "stumble~ [along|forward]", "sway~ while walking", "=drunk walk", "totter~ [along|forward]", "wobble~ along", "=staggering",
    gait=Gait(speed=0.8, hz=0.7, duty=0.66, lift=0.06, swing=0.15, width=0.2, bounce=0.02, pose=pose(flex=14, side=9, both=(0.35, -0.85, 0.15), hflex=20)), family="stagger")  # fmt: skip
add("zombie", "walk~ like a zombie", "walk~ with {their} arms stretched out in front", "=zombie walk", "stagger~ forward with outstretched arms", "sleepwalk~ [|forward]",
    gait=Gait(speed=0.6, hz=0.65, lift=0.04, swing=0.0, pose=pose(both=(-0.05, 0.0, 0.95), flex=10)), family="zombie")  # fmt: skip
add("old_walk", "walk~ [hunched over|bent over|stooped] [|like an old person]", "walk~ like an [old|elderly] [person|man|woman]", "=old person walk", "shuffle~ along hunched", "walk~ with a bent back",
    gait=Gait(speed=0.55, hz=0.75, lift=0.04, swing=0.08, pose=pose(flex=38, pitch=14, py=-0.06, hflex=-20)), family="walk")  # fmt: skip
add("walk_circle", "walk~ in a [circle|curve|arc] [to the {S}|]", "walk~ [around|round] in a circle", "circle~ [around|] to the {S}", "=walk in a circle", "walk~ a {S} circle", "walk~ {S} in a curve", "curve~ to the {S} while walking",
    "walk~ around something on {their} {S}", "veer~ {S}", gait=Gait(turn=-55), sided=True, seconds=(2.5, 6.5), family="walk")  # fmt: skip
add("jog_circle", "jog~ in a [circle|curve] [to the {S}|]", "run~ in a [circle|curve|{S} circle] [|to the {S}]", "=jog in a {S} circle", "=jog {S} circle", "=jogging in circles", "jog~ around to the {S}", "jog~ {C}", "jog~ {S} in a circle",
    "run~ around in a circle to the {S}", "run~ in circles", gait=Gait(speed=2.3, hz=1.35, duty=0.42, lift=0.18, bounce=0.04, turn=-95, pose={**_RUN_ARMS, "flex": 6, "side": -5}),
    sided=True, family="run")  # fmt: skip
add("jog_circle_loose", *REGISTRY["jog_circle"].says, gait=Gait(speed=2.8, turn=-80, pose={**_LOOSE_ARMS, "side": -6}, **_LOOSE_RUN), seconds=(1.2, 4.0), sided=True, family="run")  # fmt: skip
add("crawl", "crawl~ [|forward|along|on all fours|on hands and knees]", "move~ on [hands and knees|all fours]", "=crawl", "=crawling", "creep~ on hands and knees", "go~ forward on all fours",
    base="all_fours", gait=Gait(speed=0.5, hz=0.75, duty=0.6, lift=0.05, swing=0.0, hands=0.22, bounce=0.0, width=0.12), seconds=(2.5, 5.0), family="crawl")  # fmt: skip
add("stairs_up", "[climb~|walk~ up|go~ up|ascend~] [the stairs|stairs|steps|a staircase]", "=climbing stairs", "=stairs up", "step~ up [onto a step|]", "walk~ upstairs", "climb~ up step by step",
    gait=Gait(speed=0.75, hz=0.75, duty=0.56, lift=0.34, bounce=0.035, swing=0.2, pose=pose(flex=10, laz=0.08, raz=0.08)), family="stairs")  # fmt: skip
add("hop_both_go", "hop~ forward [on both legs|with both feet|]", "jump~ forward [again and again|repeatedly|several times]", "bunny~ hop [forward|]", "=hop on both legs", "=hopping forward with both feet", "do~ several forward hops",
    gait=Gait(speed=1.8, hz=1.35, duty=0.44, lift=0.26, phase=0.0, bounce=0.18, swing=0.2, pose=pose(py=0.05, pitch=6, flex=10, both=(0.15, -0.65, 0.2))), family="hop")  # fmt: skip
add("gallop", "gallop~ [|forward|like a horse]", "=gallop", "=galloping", "ride~ an imaginary horse", "canter~ forward", gait=Gait(speed=2.3, hz=1.5, duty=0.45, lift=0.16, phase=0.2, bounce=0.06, swing=0.15, pose=pose(both=(0.05, -0.45, 0.4))), family="gallop")  # fmt: skip
add("skip", "skip~ [|forward|along|happily]", "=skip", "=skipping", "skip~ like a child", "hop~ and skip~ along", "walk~ with a skip", gait=Gait(speed=1.9, hz=1.15, duty=0.48, lift=0.34, bounce=0.09, swing=0.5), family="skip")  # fmt: skip
add("hop_one_go", "hop~ forward on [one|the {S}] [leg|foot]", "hop~ on {their} {S} foot", "=hop on one leg", "=hop on the {S} leg", "jump~ forward on one leg", "bounce~ forward on one foot",
    gait=Gait(speed=0.9, hz=1.4, duty=0.44, lift=0.14, phase=0.0, bounce=0.08, swing=0.0, pose=pose(py=-0.05, lay=0.3, laz=-0.22, lfp=40, both=(0.3, -0.7, 0.2))), sided=True, family="hop_one")  # fmt: skip
add("cross_steps", "do~ the grapevine [to the {S}|]", "cross~ {their} feet while stepping [sideways|to the {S}]", "walk~ [sideways|to the {S}] with crossing steps", "=grapevine", "=carioca", "=cross step to the {S}",
    gait=Gait(speed=1.0, toward=-90, hz=0.85, lift=0.06, swing=0.0, width=0.0, pose=pose(both=(0.5, -0.7, 0.05))), sided=True, family="cross_steps")  # fmt: skip
add("skate", "[ice skate~|roller skate~|skate~] [|forward]", "=speed skating", "=skating", "glide~ [from side to side|forward on skates]", "slide~ {their} feet outward in turn [like a skater|]",
    gait=Gait(speed=1.3, hz=0.6, duty=0.58, lift=0.12, swing=0.5, width=0.24, pose=pose(py=-0.2, pitch=22, flex=25, hflex=-25)), family="skate")  # fmt: skip
add("turn", "turn~ [to the {S}|{S}] [|on the spot|in place]", "turn~ [a quarter|90 degrees] to the {S}", "rotate~ to the {S}", "=turn {S}", "=turning {S}", "pivot~ [to the {S}|{S}]", "change~ direction to the {S}", "face~ to the {S}", "swivel~ {S}", "make~ a {S} turn", "#a {S} turn",
    gait=Gait(speed=0.03, hz=0.95, lift=0.07, turn=-75, swing=0.05), sided=True, seconds=(1.0, 1.8), family="turn")  # fmt: skip
add("turn_around", "turn~ [around|round]", "turn~ around [to the {S}|over the {S} shoulder]", "=turn around", "=turning around", "make~ a [u-turn|half turn]", "face~ the [other way|opposite direction]", "do~ an about-face", "spin~ around [to face the other way|]",
    gait=Gait(speed=0.05, hz=1.05, lift=0.08, turn=-125, swing=0.08), sided=True, seconds=(1.3, 1.6), family="turn")  # fmt: skip
add("spin", "spin~ [around|on the spot|in circles] [|to the {S}]", "twirl~ [around|]", "=spin", "=spinning around", "turn~ [around|] in a full circle", "do~ a [360|full turn|pirouette]", "whirl~ around", "rotate~ [quickly|several times] on the spot", "spin~ to the {S}",
    gait=Gait(speed=0.03, hz=1.6, lift=0.06, turn=-230, swing=0.0, pose=pose(both=(0.6, -0.55, 0.1))), sided=True, seconds=(1.6, 3.5), family="spin")  # fmt: skip
add("carry", "carry~ [something|a box|an object|a heavy load] [|forward|in front of {their} body|in both hands|with both hands|while walking]", "walk~ [while carrying|carrying|holding] [something|a box|an object|a package]", "=carry", "=carrying", "transport~ a box",
    "walk~ with [a box|something] in {their} [hands|arms]", "bring~ [something|a box] somewhere", "haul~ a load", "lug~ something [along|]", "take~ a box across the room", "deliver~ a package",
    gait=Gait(speed=1.1, swing=0.0, pose=pose(both=(-0.08, -0.42, 0.5), flex=-4)), seconds=(2.0, 6.0), family="carry")  # fmt: skip
add("carry_chest", "carry~ [something|a box|a bag|a child] [before {their} chest|in {their} arms|close to the body|while walking]", "walk~ [while carrying|holding] [something|a box] [close to the chest|]", "=carry", "=carrying", "walk~ with something in {their} arms", "walk~ hugging a box",
    gait=Gait(speed=1.0, swing=0.0, pose=pose(both=(-0.2, -0.3, 0.38), flex=-3)), seconds=(2.0, 6.0), family="carry")  # fmt: skip
add("carry_slow", *REGISTRY["carry"].says, gait=Gait(speed=0.6, hz=0.58, lift=0.06, swing=0.0, pose=pose(both=(-0.17, -0.46, 0.42), flex=2, pitch=2)), seconds=(2.0, 6.0), family="carry")  # fmt: skip
add("carry_turn", *REGISTRY["carry"].says, gait=Gait(speed=0.6, hz=0.7, lift=0.07, swing=0.0, turn=-38, pose=pose(both=(-0.19, -0.5, 0.4), flex=2)), sided=True, seconds=(2.0, 6.0), family="carry")  # fmt: skip
add("carry_low", *REGISTRY["carry"].says, gait=Gait(speed=0.8, hz=0.75, lift=0.07, swing=0.0, pose=pose(both=(-0.14, -0.72, 0.36), flex=-2)), seconds=(2.0, 6.0), family="carry")  # fmt: skip
add("carry_one", "carry~ [a bag|a suitcase|a bucket] [in|with] {their} {S} hand", "walk~ with a [suitcase|heavy bag] in the {S} hand", "carry~ something [heavy|] at {their} {S} side", "=carry a bag", "walk~ carrying a bag",
    gait=Gait(speed=1.1, swing=0.12, pose=pose(r=(0.2, -0.95, 0.02), side=6, l=(0.3, -0.88, 0.1))), sided=True, family="carry")  # fmt: skip
add("carry_shoulder", "carry~ something on {their} {S} shoulder", "walk~ with [a box|a load] on the {S} shoulder", "shoulder~ a load and walk~", "=carry on shoulder", gait=Gait(speed=1.1, swing=0.1, pose=pose(r=(0.05, 0.35, 0.12), side=-4)), sided=True, family="carry")  # fmt: skip
add("carry_head", "carry~ [something|a basket] on {their} head", "walk~ with {their} hands on {their} head", "balance~ something on {their} head while walking", gait=Gait(speed=1.0, swing=0.0, pose=pose(both=(-0.2, 0.6, 0.05, 0.6))), family="carry")  # fmt: skip
add("push_walk", "push~ [something heavy|a cart|a trolley|a car|a stroller] [|forward|along] [while walking|]", "walk~ forward pushing [something|a cart]", "=push a cart", "=pushing forward", "lean~ against something and push~ it along", "shove~ something heavy forward",
    gait=Gait(speed=0.8, hz=0.8, swing=0.0, pose=pose(both=(-0.02, -0.2, 0.75), flex=16, pitch=14)), family="push")  # fmt: skip
add("drag_walk", "drag~ [something|a heavy object|a load] [|backward|along|behind {them}]", "pull~ something heavy [while walking|] backward", "walk~ backward pulling [something|a heavy object]", "haul~ something backward", "=drag", "=dragging",
    gait=Gait(speed=0.6, toward=180, hz=0.75, swing=0.0, pose=pose(both=(-0.05, -0.5, 0.7), flex=22, pitch=-6, py=-0.12)), family="pull")  # fmt: skip
add("pull_behind", "pull~ a [cart|suitcase|sled] behind {them}", "walk~ forward pulling something behind", "tow~ something [along|]", "drag~ something behind with the {S} hand", "=pull a suitcase", gait=Gait(speed=1.1, swing=0.1, pose=pose(r=(0.1, -0.8, -0.5), flex=8, twist=-12)), sided=True, family="pull")  # fmt: skip
add("walk_hips", "walk~ with {their} hands on {their} hips", "strut~ with hands on hips", "walk~ arms akimbo", gait=Gait(swing=0.0, pose=pose(both=HIP)), family="walk_hips")  # fmt: skip
add("walk_hands_behind", "walk~ with {their} hands [behind {their} back|clasped behind the back]", "stroll~ with hands behind the back", "pace~ with {their} arms behind", gait=Gait(speed=1.0, swing=0.0, pose=pose(both=(-0.25, -0.72, -0.25))), family="walk_hips")  # fmt: skip
add("walk_arms_out", "[balance~|walk~] along a [beam|line|tightrope]", "walk~ with {their} arms [out to the sides|spread|outstretched]", "walk~ heel to toe with arms out", "=tightrope walk", "=balancing along a beam", gait=Gait(speed=0.6, hz=0.7, swing=0.0, width=0.0, pose=pose(both=(0.92, 0.0, 0.05))), family="balance")  # fmt: skip
add("swagger", "swagger~ [|along]", "strut~ [|forward|confidently]", "walk~ [proudly|confidently]", "=confident walk", "swing~ {their} arms [widely|] while walking", gait=Gait(speed=1.4, swing=0.75, bounce=0.04, width=0.16, pose=pose(flex=-8, hflex=-6)), family="walk")  # fmt: skip
add("sad_walk", "walk~ [sadly|with {their} head down|dejectedly|looking down]", "mope~ along", "=sad walk", "trudge~ with a hanging head", gait=Gait(speed=0.8, hz=0.75, swing=0.1, pose=pose(flex=14, hflex=35, sh=-0.4)), family="walk")  # fmt: skip
add("run_back", "run~ backward[s|]", "jog~ backward[s|]", "backpedal~ [quickly|]", "=backpedal", "=running backwards", gait=Gait(speed=1.9, toward=180, hz=1.4, duty=0.45, lift=0.1, bounce=0.03, swing=0.15, pose=_RUN_ARMS), family="run_back")  # fmt: skip
add("lunge_walk", "do~ walking lunges", "walk~ with [deep|long] [lunges|steps]", "=walking lunges", "lunge~ forward step by step", "take~ giant steps [forward|]", gait=Gait(speed=1.0, hz=0.42, duty=0.58, lift=0.14, bounce=-0.02, swing=0.1, pose=pose(py=-0.22)), family="lunge")  # fmt: skip
add("wade", "wade~ [through water|through snow|]", "walk~ through [deep water|deep snow|mud]", "=wading", gait=Gait(speed=0.6, hz=0.6, duty=0.6, lift=0.22, swing=0.2, pose=pose(both=(0.5, -0.4, 0.2), flex=12)), family="wade")  # fmt: skip
add("climb_ladder", "climb~ [a ladder|up a ladder|a rope|a wall|up]", "=climbing a ladder", "=climb", "pull~ [{them}self|] up hand over hand", "scale~ a wall", "clamber~ up",
    gait=Gait(speed=0.01, hz=0.65, duty=0.5, lift=0.3, bounce=0.03, hands=0.0, pose=pose(both=(-0.08, 0.45, 0.5), laz=0.15, raz=0.15)), family="climb")  # fmt: skip
add("step_aside_back", "step~ [aside|out of the way] [to the {S}|]", "take~ a [big|single|] step to the {S}", "=step aside", cycle=[k(0.35, ray=0.06, rax=0.4, px=-0.18), k(0.3, rax=0.45, px=-0.3), k(0.35, gx=-0.3, rax=0.12, lax=0.12, lay=0.06, px=0.0), k(0.1, lay=0.0)], sided=True, family="sidestep")  # fmt: skip
