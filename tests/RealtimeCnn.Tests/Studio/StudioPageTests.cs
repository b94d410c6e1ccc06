using RealtimeCnn.Models;

namespace RealtimeCnn.Tests.Studio;

/// <summary>The studio's page in headless Chromium, used as a person uses it.</summary>
public sealed class StudioPageTests : IDisposable
{
    private readonly string _model = Path.Combine(Directory.CreateTempSubdirectory("rtcnn-page-").FullName, "mine.onnx");

    public StudioPageTests() => File.WriteAllBytes(_model, ShippedModels.Read(ShippedModels.Digits));

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_model)!, recursive: true);

    [Fact]
    public async Task The_page_shows_the_demo_steers_it_looks_inside_and_takes_a_model()
    {
        await using var studio = await StartedStudio.StartAsync(token: "a-token-of-some-length", size: new Size2d(720, 1280));
        await using var browser = await Browser.StartAsync();
        await browser.ResizeAsync(1280, 1000, isDark: true);
        await browser.OpenAsync(studio.Address);

        // It is live: picture after picture, and not always the same.
        await browser.UntilAsync("document.querySelector('#link.live') && document.querySelector('#picture')?.dataset.pictures > 2");
        Assert.Equal("", (await browser.EvaluateAsync("location.search"))!.GetValue<string>());
        string first = await PictureAsync(browser);
        await browser.UntilAsync($"document.querySelector('#picture').toDataURL() !== '{first}'");
        await browser.UntilAsync("document.querySelectorAll('#answers meter').length > 0 && document.querySelectorAll('#stages tr').length > 3");
        await SaveAsync(browser, "find");

        // A control of all modes, and one of this mode, by their buttons: the picture stands still; then the heat lies over it.
        await browser.EvaluateAsync("document.querySelector('details').open = true");
        await browser.ClickAsync("#common button[data-key=Spacebar]");
        await browser.UntilAsync("document.querySelector('#where').textContent.includes('paused')");
        int before = await AmberAsync(browser);
        await browser.ClickAsync("#controls button[data-key=T]");
        await browser.UntilAsync($"({Amber}) > {before + 400}");
        await browser.ClickAsync("#common button[data-key=Spacebar]");

        // A mode, by its tab; then drawing with the mouse reaches the board.
        await browser.ClickAsync("#modes button");
        await browser.UntilAsync("document.querySelector('#mode-title').textContent === 'Draw' && document.querySelector('#modes [aria-selected=true]').textContent === 'draw'");
        await browser.ClickAsync("#controls button[data-key=Delete]");
        await DrawOneAsync(browser);
        await browser.UntilAsync("document.querySelector('#answers b')?.textContent === '1'");
        await SaveAsync(browser, "draw");

        // A key on the picture; one that is for who sits at the machine does nothing.
        await browser.KeyAsync("KeyQ", "q");
        await browser.KeyAsync("Space", " ");
        await browser.UntilAsync("document.querySelector('#where').textContent.includes('paused')");
        await browser.KeyAsync("Space", " ");
        await browser.UntilAsync("!document.querySelector('#where').textContent.includes('paused')");

        // The network inside: its graph, a layer's maps.
        await browser.ClickAsync("#look");
        await browser.UntilAsync("document.querySelectorAll('#graph .node').length > 4 && document.querySelectorAll('#wall img').length > 3");
        await browser.UntilAsync("document.querySelector('#layer canvas')?.dataset.drawn > 1");
        await browser.EvaluateAsync("document.querySelector('#graph .node[data-layer=\"2\"]').dispatchEvent(new MouseEvent('click', {bubbles: true}))");
        await browser.UntilAsync("document.querySelector('#graph .node[data-layer=\"2\"]').getAttribute('aria-pressed') === 'true' && document.querySelector('#layer canvas')?.dataset.drawn > 1");
        // What it looked at is what was drawn: the greatest of the last layer's ten numbers is that of the 1.
        int last = (await browser.EvaluateAsync("document.querySelectorAll('#graph .node').length - 1"))!.GetValue<int>();
        var answer = (await browser.EvaluateAsync($"fetch(document.querySelector('#wall img').getAttribute('src').replace(/[^/]*$/, '{last}.json')).then(answer => answer.json())"))!.AsArray();
        Assert.Equal(1, answer.Index().MaxBy(range => range.Item![1]!.GetValue<float>()).Index);
        Assert.True((await browser.EvaluateAsync("[...document.querySelectorAll('#layer dt')].some(term => term.textContent === 'kernel')"))!.GetValue<bool>());
        await SaveAsync(browser, "inside", whole: true);

        // A model.
        var document = await browser.AskAsync("DOM.getDocument", new { });
        var input = await browser.AskAsync("DOM.querySelector", new { nodeId = document["root"]!["nodeId"]!.GetValue<int>(), selector = "#file" });
        await browser.AskAsync("DOM.setFileInputFiles", new { files = new[] { _model }, nodeId = input["nodeId"]!.GetValue<int>() });
        await browser.UntilAsync("document.querySelector('#dropped').textContent === 'mine.onnx is shown.'");
        await browser.UntilAsync("document.querySelector('#mode-title').textContent === 'Model' && document.querySelector('#answers-title').textContent.includes('mine')");

        // As narrow as a phone nothing stands out at the side.
        await browser.ResizeAsync(390, 844);
        await browser.UntilAsync("document.documentElement.scrollWidth <= innerWidth");
        await SaveAsync(browser, "narrow", whole: true);
        Assert.Empty(browser.Errors);
    }

    // The accent of a button that is on, in the picture itself.
    private const string Amber = "(() => { const c = document.querySelector('#picture'); const d = c.getContext('2d').getImageData(0, 45, c.width, c.height - 90).data; let n = 0; for (let i = 0; i < d.length; i += 4) if (Math.abs(d[i] - 246) < 8 && Math.abs(d[i + 1] - 190) < 8 && Math.abs(d[i + 2] - 79) < 14) n++; return n; })()";

    private static async Task<int> AmberAsync(Browser browser) => (await browser.EvaluateAsync(Amber))!.GetValue<int>();

    private static async Task<string> PictureAsync(Browser browser) => (await browser.EvaluateAsync("document.querySelector('#picture').toDataURL()"))!.GetValue<string>();

    private static async Task DrawOneAsync(Browser browser)
    {
        var box = await browser.EvaluateAsync("(() => { document.querySelector('#picture').scrollIntoView(); const b = document.querySelector('#picture').getBoundingClientRect(); return [b.x, b.y, b.width / 1280]; })()");
        double left = box![0]!.GetValue<double>(), top = box[1]!.GetValue<double>(), scale = box[2]!.GetValue<double>();
        await browser.MouseAsync("mouseMoved", left + (290 * scale), top + (150 * scale));
        await browser.MouseAsync("mousePressed", left + (290 * scale), top + (150 * scale));
        for (int y = 150; y <= 450; y += 20)
            await browser.MouseAsync("mouseMoved", left + (290 * scale), top + (y * scale));
        await browser.MouseAsync("mouseReleased", left + (290 * scale), top + (450 * scale));
    }

    // The pictures of docs/studio.md are those that the test sees (docs/images/draw-studio.sh).
    private static async Task SaveAsync(Browser browser, string name, bool whole = false)
    {
        if (Environment.GetEnvironmentVariable("RTCNN_STUDIO_PICTURES") is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, $"studio-{name}.png"), await browser.ScreenshotAsync(whole));
    }
}
