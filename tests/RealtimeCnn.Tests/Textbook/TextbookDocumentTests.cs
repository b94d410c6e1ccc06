using RealtimeCnn.Textbook;

namespace RealtimeCnn.Tests.Textbook;

/// <summary>docs/textbook.md knows every claim, with its formula, and has a small picture of it.</summary>
public class TextbookDocumentTests
{
    private const int LargestPicture = 60 * 1024;

    public static TheoryData<string> Names => ClaimTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_claim_is_listed_with_formula_and_picture(string name)
    {
        string docs = Path.Combine(Repository.Root, "docs"), text = File.ReadAllText(Path.Combine(docs, "textbook.md"));
        var claim = TextbookClaims.Find(name)!;
        Assert.Contains(claim.Title, text, StringComparison.Ordinal);
        Assert.Contains(claim.Formula, text, StringComparison.Ordinal);
        Assert.Contains($"images/textbook/{name}.png", text, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(Path.Combine(docs, "images", "textbook", $"{name}.png")).Length, 1024, LargestPicture);
    }
}
