"""How the sample's users ask: per kind of question the answer, the phrasings
of training and those that only the held-out set uses.

{x} is what the question is about, so that "And {x}?" can ask the same of
something else. Other fields are named in world.py.
"""

KINDS = {}


def kind(name, answer, training, held_out):
    KINDS[name] = (answer, training.splitlines(), held_out.splitlines())


kind("capital", "The capital of {x} is {capital}.", """\
What is the capital of {x}?
What's the capital of {x}?
Which city is the capital of {x}?
Tell me the capital of {x}.
Name the capital of {x}.
The capital of {x}?
Capital of {x}?
What is {x}'s capital?
What is the capital city of {x}?
Do you know the capital of {x}?
Can you tell me the capital of {x}?
What is the name of the capital of {x}?
Which city is {x}'s capital?
What capital does {x} have?
I need the capital of {x}.
Give me the capital of {x}.
What do you call the capital of {x}?
{x} has which capital?
Please name the capital city of {x}.
For {x}, what is the capital?""", """\
Could you tell me the capital of {x}?
Which capital does {x} have?
Give me the name of {x}'s capital.
What city is the capital of {x}?""")

kind("capital_of", "{x} is the capital of {country}.", """\
Which country has the capital {x}?
What country has {x} as its capital?
{x} is the capital of which country?
Of which country is {x} the capital?
Tell me the country with the capital {x}.
Name the country whose capital is {x}.
Which country's capital is {x}?
{x} is the capital of what?
Do you know which country has {x} as its capital?
The capital is {x}. What is the country?
What country is {x} the capital of?
Which country is {x} the capital of?
Can you name the country whose capital is {x}?
I need the country with the capital {x}.
Whose capital is {x}?
If the capital is {x}, which country is it?
Could you name the country with the capital {x}?""", """\
Name the country that has the capital {x}.
Tell me which country has {x} as its capital.
What is the country whose capital is {x}?""")

kind("continent", "{x} is in {continent}.", """\
Which continent is {x} in?
What continent is {x} in?
On which continent is {x}?
In which continent is {x}?
Tell me the continent of {x}.
Name the continent of {x}.
What is the continent of {x}?
Where is {x}?
Where in the world is {x}?
Continent of {x}?
Do you know which continent {x} is in?
Can you tell me where {x} is?
{x} is on which continent?
What is {x}'s continent?
To which continent does {x} belong?
Which continent does {x} belong to?
Where do I find {x}?
Which part of the world is {x} in?
Could you tell me where {x} is?""", """\
Tell me which continent {x} is in.
Can you name the continent of {x}?
{x} is in which continent?""")

kind("symbol", "The symbol of {x} is {symbol}.", """\
What is the symbol of {x}?
What's the symbol of {x}?
What is the symbol for {x}?
What is the chemical symbol of {x}?
Which symbol does {x} have?
Tell me the symbol of {x}.
Tell me the symbol for {x}.
Name the symbol of {x}.
Symbol of {x}?
The symbol for {x}?
Give me the chemical symbol of {x}.
Do you know the symbol of {x}?
Can you tell me the chemical symbol for {x}?
How do chemists write {x}?
Could you give me the symbol of {x}?
How is {x} written in chemistry?
What symbol stands for {x}?
I need the symbol of {x}.
For the element {x}, what is the symbol?""", """\
Which chemical symbol does {x} have?
Could you tell me the symbol of {x}?
Give me the symbol for the element {x}.""")

kind("symbol_of", "{x} is the symbol of {element}.", """\
Which element has the symbol {x}?
What element has the symbol {x}?
{x} is the symbol of which element?
Tell me the element with the symbol {x}.
Name the element with the symbol {x}.
What does the symbol {x} stand for?
Which element is {x}?
What element is {x}?
The symbol {x} stands for what?
Which element does {x} stand for?
Do you know the element with the symbol {x}?
Can you tell me which element {x} is?
In chemistry, what is {x}?
Whose symbol is {x}?
I need the element with the symbol {x}.
Which chemical element has the symbol {x}?""", """\
Name the element whose symbol is {x}.
What chemical element has the symbol {x}?
Tell me which element has the symbol {x}.""")

kind("number", "The atomic number of {x} is {number}.", """\
What is the atomic number of {x}?
What's the atomic number of {x}?
Which atomic number does {x} have?
Tell me the atomic number of {x}.
Name the atomic number of {x}.
Atomic number of {x}?
The atomic number of {x}?
Give me the atomic number of {x}.
Do you know the atomic number of {x}?
Can you tell me the atomic number of {x}?
What number does {x} have?
Could you give me the atomic number of {x}?
Which number is {x} in the table of elements?
What is the number of {x}?
How many protons does {x} have?
How many protons are in {x}?
I need the atomic number of {x}.
For the element {x}, what is the atomic number?
{x} has which atomic number?""", """\
What atomic number does {x} have?
Could you tell me the atomic number of {x}?
Which number does the element {x} have?""")

kind("number_of", "Element {x} is {element}.", """\
Which element has the atomic number {x}?
What element has the atomic number {x}?
Tell me the element with the atomic number {x}.
Name the element with the atomic number {x}.
Which element is number {x}?
What is element {x}?
What is element number {x}?
Name element {x}.
Element {x}?
Which element has {x} protons?
What element has {x} protons?
Do you know element number {x}?
Can you name the element with the number {x}?
{x} is the atomic number of which element?
I need the element with the atomic number {x}.
Tell me the name of element {x}.""", """\
Which element has the number {x}?
Tell me which element has {x} protons.
Name element number {x}.""")

kind("add", "{a} + {b} = {c}.", """\
What is {a} + {b}?
What is {a} plus {b}?
What's {a} + {b}?
How much is {a} + {b}?
How much is {a} plus {b}?
{a} + {b}
{a} + {b}?
{a} + {b} =
{a} plus {b}
{a} plus {b}?
{a}+{b}
{a}+{b}?
Add {a} and {b}.
Add {b} to {a}.
Compute {a} + {b}.
Calculate {a} plus {b}.
What is the sum of {a} and {b}?
The sum of {a} and {b}?
What do {a} and {b} add up to?
Can you add {a} and {b}?
Could you add {a} and {b}?
Do you know {a} + {b}?
Tell me {a} plus {b}.""", """\
Tell me the sum of {a} and {b}.
Calculate {a} + {b}.
Can you tell me {a} plus {b}?""")

kind("subtract", "{a} - {b} = {c}.", """\
What is {a} - {b}?
What is {a} minus {b}?
What's {a} - {b}?
How much is {a} - {b}?
How much is {a} minus {b}?
{a} - {b}
{a} - {b}?
{a} - {b} =
{a} minus {b}
{a} minus {b}?
{a}-{b}
{a}-{b}?
Subtract {b} from {a}.
Take {b} from {a}.
Take {b} away from {a}.
Compute {a} - {b}.
Calculate {a} minus {b}.
What is the difference of {a} and {b}?
Can you subtract {b} from {a}?
What is left if you take {b} from {a}?
Please take {b} away from {a}.
Do you know {a} - {b}?
Tell me {a} minus {b}.""", """\
Tell me the difference of {a} and {b}.
Calculate {a} - {b}.
Can you take {b} from {a}?""")

kind("multiply", "{a} x {b} = {c}.", """\
What is {a} x {b}?
What is {a} times {b}?
What's {a} x {b}?
How much is {a} x {b}?
How much is {a} times {b}?
{a} x {b}
{a} x {b}?
{a} x {b} =
{a} * {b}
{a} * {b}?
{a} times {b}
{a} times {b}?
Multiply {a} by {b}.
Multiply {a} and {b}.
Compute {a} x {b}.
Calculate {a} times {b}.
What is the product of {a} and {b}?
Can you multiply {a} by {b}?
Do you know {a} x {b}?
Tell me {a} times {b}.
What is {a} * {b}?""", """\
Tell me the product of {a} and {b}.
Calculate {a} x {b}.
Can you multiply {a} and {b}?""")

_AFTER = """\
What comes after {x}?
Which {unit} comes after {x}?
What {unit} comes after {x}?
Which {unit} is after {x}?
What is the {unit} after {x}?
Which {unit} follows {x}?
What {unit} follows {x}?
What follows {x}?
Tell me the {unit} after {x}.
Name the {unit} after {x}.
The {unit} after {x}?
What is after {x}?
Do you know the {unit} after {x}?
Can you tell me the {unit} after {x}?
{x} comes before which {unit}?"""
_AFTER_HELD_OUT = """\
Tell me which {unit} comes after {x}.
Name the {unit} that follows {x}.
Can you name the {unit} after {x}?"""
_BEFORE = """\
What comes before {x}?
Which {unit} comes before {x}?
What {unit} comes before {x}?
Which {unit} is before {x}?
What is the {unit} before {x}?
Which {unit} comes just before {x}?
What comes right before {x}?
Tell me the {unit} before {x}.
Name the {unit} before {x}.
The {unit} before {x}?
What is before {x}?
Do you know the {unit} before {x}?
Can you tell me the {unit} before {x}?
{x} comes after which {unit}?"""
_BEFORE_HELD_OUT = """\
Tell me which {unit} comes before {x}.
Name the {unit} that is before {x}.
Can you name the {unit} before {x}?"""

kind("after", "{next} comes after {x}.", _AFTER, _AFTER_HELD_OUT)
kind("before", "{next} comes before {x}.", _BEFORE, _BEFORE_HELD_OUT)

kind("month_number", "{x} is month {number}.", """\
Which month of the year is {x}?
What number is {x}?
Which number is the month {x}?
What number does the month {x} have?
What is the number of the month {x}?
Tell me the number of {x}.
Which month is {x}?
At which place of the year is {x}?
{x} is which month of the year?
Do you know the number of the month {x}?
Give me the number of {x}.
What is the place of {x} in the year?""", """\
Tell me the number of the month {x}.
What month of the year is {x}?""")

kind("month_days", "{x} has {number} days.", """\
How many days does {x} have?
How many days are in {x}?
How many days are there in {x}?
How long is {x}?
Tell me how many days {x} has.
What is the length of {x}?
Days in {x}?
The number of days in {x}?
What is the number of days in {x}?
Do you know how many days {x} has?
Can you tell me how many days are in {x}?
{x} has how many days?""", """\
How many days has {x}?
Tell me the number of days in {x}.""")

kind("unit", "There are {number} {x} in {a} {large}.", """\
How many {x} are in {a} {large}?
How many {x} are there in {a} {large}?
How many {x} does {a} {large} have?
How many {x} make {a} {large}?
How many {x} make up {a} {large}?
Tell me how many {x} are in {a} {large}.
What is {a} {large} in {x}?
{a} {large} in {x}?
{x} in {a} {large}?
{a} {large} has how many {x}?
Do you know how many {x} are in {a} {large}?
Can you tell me how many {x} {a} {large} has?
Convert {a} {large} to {x}.
Please convert {a} {large} to {x}.
The number of {x} in {a} {large}?""", """\
Tell me the number of {x} in {a} {large}.
Can you convert {a} {large} to {x}?
How many {x} has {a} {large}?""")

kind("spell", "The word {x} is spelled {letters}.", """\
Spell {x}.
Spell the word {x}.
How do you spell {x}?
How do you spell the word {x}?
How is {x} spelled?
How is the word {x} spelled?
Can you spell {x}?
Can you spell the word {x}?
Please spell {x}.
Please spell the word {x}.
Tell me how to spell {x}.
What are the letters of {x}?
Which letters are in {x}?
Write {x} letter by letter.
How do I spell {x}?
The spelling of {x}?
Give me the spelling of {x}.
How do I write {x}?""", """\
Tell me the spelling of {x}.
Which letters are in the word {x}?
Could you spell the word {x}?""")

kind("reverse", "The word {x} backwards is {reversed}.", """\
Reverse {x}.
Reverse the word {x}.
What is {x} backwards?
What is the word {x} backwards?
Write {x} backwards.
Write the word {x} backwards.
Can you reverse {x}?
Can you reverse the word {x}?
Can you write {x} backwards?
Please reverse {x}.
Tell me {x} backwards.
How do you write {x} backwards?
What do you get if you reverse {x}?
Say {x} backwards.
{x} backwards?
{x} in reverse?
Turn {x} around.
Read {x} from right to left.""", """\
Could you reverse the word {x}?
Tell me the word {x} backwards.
Please write {x} backwards.""")

kind("length", "The word {x} has {number} letters.", """\
How many letters does {x} have?
How many letters does the word {x} have?
How many letters are in {x}?
How many letters are in the word {x}?
How many letters are there in {x}?
How long is the word {x}?
Count the letters of {x}.
Count the letters in the word {x}.
What is the length of the word {x}?
Tell me how many letters {x} has.
The number of letters in {x}?
What is the number of letters in {x}?
Can you count the letters of {x}?
{x} has how many letters?""", """\
Tell me the number of letters in {x}.
How many letters has the word {x}?
Can you count the letters in {x}?""")

kind("initial", "The word {x} begins with {letter}.", """\
What is the first letter of {x}?
What is the first letter of the word {x}?
What's the first letter of {x}?
Which letter does {x} begin with?
Which letter does {x} start with?
With which letter does {x} begin?
Tell me the first letter of {x}.
Name the first letter of {x}.
First letter of {x}?
What does {x} begin with?
What does {x} start with?
Which letter comes first in {x}?
{x} begins with which letter?
Give me the first letter of {x}.
Could you give me the first letter of {x}?""", """\
Which letter does the word {x} start with?
Can you tell me the first letter of {x}?
Name the first letter of the word {x}.""")

# Follow-ups that ask the same of something else.
SAME = ("""\
And {x}?
And of {x}?
And for {x}?
What about {x}?
And what about {x}?
Now {x}.
And now {x}?
{x}?
The same for {x}.
And with {x}?
Then {x}?
OK, and {x}?""".splitlines(), """\
How about {x}?
And now for {x}?
OK, what about {x}?""".splitlines())

# Follow-ups that ask something else of the same thing.
OTHER = {
    "capital": ("""\
What is its capital?
And its capital?
And the capital?
What is the capital?
And what is its capital?
Which city is its capital?
Tell me its capital.
And the capital city?
What's its capital?""".splitlines(), """\
And what is the capital?
Name its capital.""".splitlines()),
    "continent": ("""\
Which continent is it in?
What continent is it in?
And its continent?
And the continent?
And on which continent is it?
Where is it?
And where is it?
Tell me its continent.
What is its continent?""".splitlines(), """\
And which continent is it in?
What is the continent?""".splitlines()),
    "symbol": ("""\
What is its symbol?
And its symbol?
And the symbol?
What is the symbol?
And what is its symbol?
Tell me its symbol.
And the chemical symbol?
What's its symbol?""".splitlines(), """\
And what is the symbol?
Name its symbol.""".splitlines()),
    "number": ("""\
What is its atomic number?
And its atomic number?
And the atomic number?
What is the atomic number?
And what is its atomic number?
Tell me its atomic number.
And its number?
How many protons does it have?""".splitlines(), """\
And what is the atomic number?
Name its atomic number.""".splitlines()),
    "spell": ("""\
Spell it.
Now spell it.
How do you spell it?
And how is it spelled?
How is it spelled?
Can you spell it?
Please spell it.
Its spelling?""".splitlines(), """\
And how do you spell it?
Now please spell it.""".splitlines()),
    "reverse": ("""\
And backwards?
Reverse it.
Now reverse it.
And in reverse?
What is it backwards?
Can you reverse it?
Now backwards.
Write it backwards.""".splitlines(), """\
Please reverse it.
And what is it backwards?""".splitlines()),
    "length": ("""\
How many letters does it have?
And how many letters does it have?
How many letters are in it?
Count its letters.
How long is it?
And its length?
How many letters?
And how many letters?""".splitlines(), """\
How many letters are there in it?
And how long is it?""".splitlines()),
    "initial": ("""\
What is its first letter?
And its first letter?
And the first letter?
Which letter does it begin with?
What does it begin with?
Which letter does it start with?
Tell me its first letter.
What is the first letter?""".splitlines(), """\
And what is its first letter?
Name its first letter.""".splitlines()),
    "after": ("""\
And after that?
What comes after that?
And then?
And what comes after that?
What comes next?
And next?
And what comes next?
What follows that?""".splitlines(), """\
Then what comes after that?
And what follows that?""".splitlines()),
    "before": ("""\
And before that?
What comes before that?
And what comes before that?
What is before that?
And what is before that?
And just before that?""".splitlines(), """\
Then what comes before that?""".splitlines()),
    "add": ("""\
Add {b}.
And plus {b}?
Plus {b}?
Now add {b}.
Add {b} to that.
And {b} more?
What is that plus {b}?
And if you add {b}?
Then add {b}.""".splitlines(), """\
And add {b} to that.
Now add {b} to that.""".splitlines()),
    "subtract": ("""\
Subtract {b}.
And minus {b}?
Minus {b}?
Now subtract {b}.
Subtract {b} from that.
And {b} less?
What is that minus {b}?
And if you subtract {b}?
Take {b} from that.""".splitlines(), """\
Then subtract {b}.
Now subtract {b} from that.""".splitlines()),
}

# What users put around a question.
BEFORE = ["Please tell me: ", "Hello! ", "Hi! ", "Quick question: ",
          "One more question: ", "I would like to know: ", "Now: ", "OK. ",
          "Thanks. ", "Next question: ", "Good. ", "Right. "]
AFTER = [" Thanks.", " Thank you.", " Please.", " I forgot."]
