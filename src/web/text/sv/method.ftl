# The page on method.
method-lead = Så mäts mognaden, så räknas siffrorna, och så skyddas de som svarat.
method-measured = Vad som mäts
method-questions = Frågorna i { $instrument } (CSV)
method-formulas = Så räknas siffrorna
method-formula-answer = Varje svar görs om till 0–100: den lägsta graden är 0 och den högsta 100. För frågor där ett högt svar är en belastning vänds skalan.
method-formula-respondent = Varje svarandes värde är det vägda medelvärdet av frågorna i en faktor, sedan av faktorerna i en kategori, och så vidare uppåt i instrumentets träd. På varje nivå måste frågor med minst halva vikten vara besvarade; en organisation som inte når det räknas inte alls.
method-formula-organisation = En organisations värde är medelvärdet av dess svarande, så att en stor organisation inte väger tyngre för att fler svarat.
method-formula-group = En grupps värde är medelvärdet av dess organisationer, avrundat till hela procent. Förändringar räknas mellan avrundade värden.
method-protection = Så skyddas resultaten
