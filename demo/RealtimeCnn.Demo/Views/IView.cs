using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>One way of looking at the network at work.</summary>
internal interface IView
{
    /// <summary>Its name on the screen.</summary>
    string Name { get; }

    /// <summary>The network whose results it draws: the filters and the stack.</summary>
    ISceneNetwork NetworkFor(DemoControls controls) => controls.Settings;

    /// <summary>Draws the newest frame and what the network made of it.</summary>
    /// <param name="scene">The network, with a frame.</param>
    /// <param name="controls">The user's choices.</param>
    /// <param name="where">The room there is.</param>
    void Draw(Scene scene, DemoControls controls, Area where);
}
