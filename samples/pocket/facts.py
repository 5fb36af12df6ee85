"""The closed world of the sample: tables of facts, nothing else."""

# country, capital, continent
COUNTRIES = [tuple(line.split(", ")) for line in """\
France, Paris, Europe
Italy, Rome, Europe
Spain, Madrid, Europe
Portugal, Lisbon, Europe
Germany, Berlin, Europe
Austria, Vienna, Europe
Switzerland, Bern, Europe
Belgium, Brussels, Europe
Poland, Warsaw, Europe
Denmark, Copenhagen, Europe
Norway, Oslo, Europe
Sweden, Stockholm, Europe
Finland, Helsinki, Europe
Ireland, Dublin, Europe
Greece, Athens, Europe
Hungary, Budapest, Europe
Romania, Bucharest, Europe
Bulgaria, Sofia, Europe
Croatia, Zagreb, Europe
Iceland, Reykjavik, Europe
China, Beijing, Asia
Japan, Tokyo, Asia
India, New Delhi, Asia
Thailand, Bangkok, Asia
Vietnam, Hanoi, Asia
Nepal, Kathmandu, Asia
Iran, Tehran, Asia
Iraq, Baghdad, Asia
Mongolia, Ulaanbaatar, Asia
Egypt, Cairo, Africa
Kenya, Nairobi, Africa
Nigeria, Abuja, Africa
Ghana, Accra, Africa
Morocco, Rabat, Africa
Tunisia, Tunis, Africa
Ethiopia, Addis Ababa, Africa
Senegal, Dakar, Africa
Uganda, Kampala, Africa
Canada, Ottawa, North America
Mexico, Mexico City, North America
Cuba, Havana, North America
Jamaica, Kingston, North America
Brazil, Brasilia, South America
Argentina, Buenos Aires, South America
Chile, Santiago, South America
Peru, Lima, South America
Colombia, Bogota, South America
Ecuador, Quito, South America
Uruguay, Montevideo, South America
Venezuela, Caracas, South America
Australia, Canberra, Oceania
New Zealand, Wellington, Oceania
Fiji, Suva, Oceania""".splitlines()]

# name, symbol, atomic number
ELEMENTS = [
    (name, symbol, int(number)) for name, symbol, number in (
        entry.split() for entry in (
            "hydrogen H 1,helium He 2,lithium Li 3,beryllium Be 4,boron B 5,"
            "carbon C 6,nitrogen N 7,oxygen O 8,fluorine F 9,neon Ne 10,"
            "sodium Na 11,magnesium Mg 12,aluminium Al 13,silicon Si 14,"
            "phosphorus P 15,sulfur S 16,chlorine Cl 17,argon Ar 18,"
            "potassium K 19,calcium Ca 20,titanium Ti 22,chromium Cr 24,"
            "manganese Mn 25,iron Fe 26,cobalt Co 27,nickel Ni 28,"
            "copper Cu 29,zinc Zn 30,arsenic As 33,bromine Br 35,"
            "krypton Kr 36,silver Ag 47,tin Sn 50,iodine I 53,"
            "tungsten W 74,platinum Pt 78,gold Au 79,mercury Hg 80,"
            "lead Pb 82,uranium U 92").split(","))]

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
        "Sunday"]

# month, days of a common year
MONTHS = [("January", 31), ("February", 28), ("March", 31), ("April", 30),
          ("May", 31), ("June", 30), ("July", 31), ("August", 31),
          ("September", 30), ("October", 31), ("November", 30),
          ("December", 31)]

# many, of the small unit, in one large unit
UNITS = [(60, "seconds", "minute"), (60, "minutes", "hour"),
         (24, "hours", "day"), (7, "days", "week"), (12, "months", "year"),
         (52, "weeks", "year"), (10, "years", "decade"),
         (100, "years", "century"), (10, "millimetres", "centimetre"),
         (100, "centimetres", "metre"), (1000, "metres", "kilometre"),
         (12, "inches", "foot"), (3, "feet", "yard"),
         (1000, "grams", "kilogram"), (1000, "kilograms", "tonne"),
         (16, "ounces", "pound"), (1000, "millilitres", "litre"),
         (8, "bits", "byte"), (1024, "bytes", "kibibyte"),
         (12, "things", "dozen")]

WORDS = """\
apple bird boat bread bridge brick cake candle chair cloud corn cup desk door
dream eagle fish flag flower forest garden glass grape green hammer horse
house island kite lamp leaf lemon light lion milk moon mouse ocean orange
paper pear pencil piano plant queen rain river road rope salt ship silk snow
spoon star stone storm table tiger tower train tree water wheel wolf
""".split()
