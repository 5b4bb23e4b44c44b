"""Instructions of varied form and the steps that a reader would make of them.

Written before the grammar. Person subjects are stripped; words stay as said.
"""

from typing import Final

CASES: Final[tuple[tuple[str, list[str]], ...]] = (
    # plain sequences
    ("walks forward, then sits down and waves", ["walks forward", "sits down", "waves"]),
    ("a person runs", ["runs"]),
    ("A person walks forward and then turns around.", ["walks forward", "turns around"]),
    ("The man sits down, stands up, and claps.", ["sits down", "stands up", "claps"]),
    (
        "walk to the chair, sit down, stand up and walk back",
        ["walk to the chair", "sit down", "stand up", "walk back"],
    ),
    ("He jumps. He turns around. He runs away.", ["jumps", "turns around", "runs away"]),
    ("squats; stands up; raises the left arm", ["squats", "stands up", "raises the left arm"]),
    ("kneels down -> crawls forward -> stands up", ["kneels down", "crawls forward", "stands up"]),
    (
        "First, bend down. Second, pick up the box. Finally, put it on the table.",
        ["bend down", "pick up the box", "put it on the table"],
    ),
    (
        "someone picks up a ball, throws it and afterwards catches it",
        ["picks up a ball", "throws it", "catches it"],
    ),
    ("steps to the left, followed by a jump", ["steps to the left", "a jump"]),
    (
        "She stretches, next she bends to the side, and finally lies down",
        ["stretches", "bends to the side", "lies down"],
    ),
    # order words
    ("after sitting down, he waves", ["sitting down", "waves"]),
    ("before sitting, walk around the chair", ["walk around the chair", "sitting"]),
    ("he waves after he has turned around", ["turned around", "waves"]),
    ("the woman stretches before running", ["stretches", "running"]),
    (
        "Before he sits down, he claps twice and bows.",
        ["claps twice", "bows", "sits down"],
    ),
    (
        "Once you have stood up, march on the spot, then stop",
        ["stood up", "march on the spot", "stop"],
    ),
    (
        "walks in a circle and after that kicks with the left leg",
        ["walks in a circle", "kicks with the left leg"],
    ),
    # simultaneous actions stay together
    ("walks while waving", ["walks while waving"]),
    ("waves with the left hand while sitting", ["waves with the left hand while sitting"]),
    ("raises both arms and legs", ["raises both arms and legs"]),
    ("walks forward, waving both hands", ["walks forward, waving both hands"]),
    (
        "While walking, the person claps, then stops and looks around",
        ["while walking, claps", "stops", "looks around"],
    ),
    (
        "As he squats he stretches both arms forward; then he stands up",
        ["as he squats he stretches both arms forward", "stands up"],
    ),
    (
        "jumps and claps at the same time, then walks away",
        ["jumps and claps at the same time", "walks away"],
    ),
    (
        "bends the knees and simultaneously swings the arms back, then jumps",
        ["bends the knees and simultaneously swings the arms back", "jumps"],
    ),
    # noun conjunctions and idioms
    ("turns the head left and right", ["turns the head left and right"]),
    ("picks up a cup and a plate and drinks", ["picks up a cup and a plate", "drinks"]),
    ("moves the arms up and down, then kneels", ["moves the arms up and down", "kneels"]),
    ("does ten squats and five lunges", ["does ten squats and five lunges"]),
    ("performs jumps and kicks", ["performs jumps and kicks"]),
    ("opens and closes both hands", ["opens and closes both hands"]),
    # repetition
    (
        "raises the right arm twice and then waves three times",
        ["raises the right arm twice", "waves three times"],
    ),
    (
        "jump up and down 3 times, rest for 2.5 seconds, jump again",
        ["jump up and down 3 times", "rest for 2.5 seconds", "jump again"],
    ),
    # what is left out is carried over
    ("raises the left arm, then the right arm", ["raises the left arm", "raises the right arm"]),
    ("turns left and then right", ["turns left", "turns right"]),
    (
        "kicks with the left leg, then with the right leg, then walks off",
        ["kicks with the left leg", "kicks with the right leg", "walks off"],
    ),
    (
        "waves with his left hand, then his right",
        ["waves with his left hand", "waves with his right hand"],
    ),
    ("walks slowly forward, then backward", ["walks slowly forward", "walks slowly backward"]),
    # lists
    (
        "1. Sit down\n2. Stand up\n3. Wave with both hands",
        ["sit down", "stand up", "wave with both hands"],
    ),
    (
        "- lunge to the left\n- lunge to the right\n- squat",
        ["lunge to the left", "lunge to the right", "squat"],
    ),
    ("1) lie down 2) roll over 3) get up", ["lie down", "roll over", "get up"]),
    (
        "Step 1: raise your arms. Step 2: lean forward. Step 3: touch your toes.",
        ["raise your arms", "lean forward", "touch your toes"],
    ),
    # other grammar
    (
        "The patient should sit on the bed, lift the left leg and lower it slowly.",
        ["sit on the bed", "lift the left leg", "lower it slowly"],
    ),
    (
        "a man is walking forward, stops, and begins to jump rope",
        ["walking forward", "stops", "begins to jump rope"],
    ),
    (
        "Please stand still for five seconds and then walk towards the door.",
        ["stand still for five seconds", "walk towards the door"],
    ),
    (
        "They walked to the wall, touched it and came back",
        ["walked to the wall", "touched it", "came back"],
    ),
    (
        "walking, then sitting down, then waving goodbye",
        ["walking", "sitting down", "waving goodbye"],
    ),
    (
        "a boxer throws a left jab, a right cross and a kick",
        ["throws a left jab, a right cross and a kick"],
    ),
    (
        "crouch, crawl under the bar, get up and run!",
        ["crouch", "crawl under the bar", "get up", "run"],
    ),
    (
        "the left arm swings forward and then the right arm swings forward",
        ["the left arm swings forward", "the right arm swings forward"],
    ),
    # written after the grammar, to see how far it carries: 34 of 36 right at first sight
    (
        "Raise both hands above your head, hold for three seconds, then lower them",
        ["raise both hands above your head", "hold for three seconds", "lower them"],
    ),
    (
        "a dancer spins clockwise twice before bowing to the audience",
        ["spins clockwise twice", "bowing to the audience"],
    ),
    (
        "person walks in, looks left and right, and sits",
        ["walks in", "looks left and right", "sits"],
    ),
    (
        "the man is jogging in place, then he does jumping jacks",
        ["jogging in place", "does jumping jacks"],
    ),
    (
        "pick up the hammer and the nails, walk to the wall and hammer the nails in",
        ["pick up the hammer and the nails", "walk to the wall", "hammer the nails in"],
    ),
    (
        "He punches with his right fist and kicks with his left foot",
        ["punches with his right fist", "kicks with his left foot"],
    ),
    (
        "Take three steps forward and two steps back",
        ["take three steps forward and two steps back"],
    ),
    ("hop on one leg, then on the other", ["hop on one leg", "hop on the other"]),
    (
        "stand with feet apart, bend knees, jump up",
        ["stand with feet apart", "bend knees", "jump up"],
    ),
    ("when the music starts, clap your hands", ["the music starts", "clap your hands"]),
    (
        "Lie on your back; raise your left leg; lower it; raise your right leg; lower it",
        ["lie on your back", "raise your left leg", "lower it", "raise your right leg", "lower it"],
    ),
    ("someone is sitting and drinking tea", ["sitting", "drinking tea"]),
    (
        "the actor staggers backwards, falls over and lies still",
        ["staggers backwards", "falls over", "lies still"],
    ),
    ("wave goodbye as you walk out", ["wave goodbye as you walk out"]),
    ("swim the front crawl then the backstroke", ["swim the front crawl", "swim the backstroke"]),
    (
        "* warm up by marching\n* do 10 push-ups\n* cool down",
        ["warm up by marching", "do 10 push-ups", "cool down"],
    ),
    (
        "The woman opens the door and walks through it while holding a cup",
        ["opens the door", "walks through it while holding a cup"],
    ),
    (
        "do a forward roll, get back on your feet and bow",
        ["do a forward roll", "get back on your feet", "bow"],
    ),
    ("serves a tennis ball and runs to the net", ["serves a tennis ball", "runs to the net"]),
    (
        "the person walks forward picks something up and turns back",
        ["walks forward picks something up", "turns back"],
    ),
    (
        "slowly raise your arms out to the side, pause, and slowly bring them down",
        ["slowly raise your arms out to the side", "pause", "slowly bring them down"],
    ),
    ("a person was walking when they tripped", ["walking when they tripped"]),
    (
        "Rotate your shoulders 5 times forwards and 5 times backwards",
        ["rotate your shoulders 5 times forwards and 5 times backwards"],
    ),
    (
        "stirs with the right hand and then with the left",
        ["stirs with the right hand", "stirs with the left hand"],
    ),
    ("First he walks, then he runs, and last he jumps", ["walks", "runs", "jumps"]),
    (
        "goes from standing to kneeling and back to standing",
        ["goes from standing to kneeling and back to standing"],
    ),
    ("Swing arms and legs in opposite directions", ["swing arms and legs in opposite directions"]),
    (
        "the robot arm moves up, stops, and moves down",
        ["the robot arm moves up", "stops", "moves down"],
    ),
    ("run, jump, and land on both feet", ["run", "jump", "land on both feet"]),
    (
        "A worker lifts a crate onto the shelf, wipes his face, and walks off to get the next one.",
        ["lifts a crate onto the shelf", "wipes his face", "walks off to get the next one"],
    ),
    ("squat 10 times and after a short break do 10 lunges", ["squat 10 times", "do 10 lunges"]),
    ("Walk; don't run.", ["walk", "don't run"]),
    ("he tries to stand up but falls back down", ["tries to stand up", "falls back down"]),
    (
        "steps forward with the left foot and claps simultaneously",
        ["steps forward with the left foot and claps simultaneously"],
    ),
    ("turning around, walking away", ["turning around", "walking away"]),
    (
        "After having washed the hands, the nurse puts on gloves, picks up the syringe and taps it",
        ["washed the hands", "puts on gloves", "picks up the syringe", "taps it"],
    ),
)
